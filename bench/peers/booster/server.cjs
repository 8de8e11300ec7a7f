/** Booster's local provider, as `boost start` runs it. Argument: the folder of its data. */
const { once } = require('node:events');
const { symlinkSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');

process.env.BOOSTER_ENV = 'local';
// Booster finds the compiled application, and keeps its data, in the working directory.
const folder = process.argv[2];
symlinkSync(join(__dirname, 'dist'), join(folder, 'dist'), 'junction');
process.chdir(folder);

const express = require('express');
// Booster would listen on all of the machine's addresses.
express.application.listen = function listen(_port, listening) {
  const server = createServer(this).listen(0, '127.0.0.1', listening);
  void ready(server);
  return server;
};

const { Booster } = require('./dist/index.js');
const { Infrastructure } = require('@boostercloud/framework-provider-local-infrastructure');
void Infrastructure().start(Booster.config, 0);

async function ready(server) {
  const { reportReady } = await import('../peer-process.ts');
  if (!server.listening) await once(server, 'listening');
  reportReady(`http://127.0.0.1:${server.address().port}`, async () => undefined);
}
