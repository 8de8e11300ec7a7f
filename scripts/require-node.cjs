// Loaded before a script (node -r), in JavaScript that old versions of Node can run.
const [major, minor] = process.versions.node.split('.').map(Number);

// Node runs TypeScript since 22.18: https://nodejs.org/api/typescript.html
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This needs Node 22.18 or later, and this is Node ${process.versions.node}. The dev dependency "node" brings Node 24, unless it was installed with --ignore-scripts: run "npm ci" without that option, or install a newer Node.`,
  );
  process.exit(1);
}

// Before the first TypeScript file is loaded. Without the cache, compiling the files takes longer than all else that a short program does.
require('node:module').enableCompileCache();
