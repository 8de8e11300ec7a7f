/** Measures one section in this process, and sends its rows to the process that started it: `node run-section.ts <name> <effort>`. */
import * as z from 'zod';
import { SECTIONS } from './sections.ts';

const effort = z.object({ quick: z.boolean(), full: z.boolean(), rounds: z.int() });

// Outside a Functions host, the library logs a warning for each function.
console.warn = () => {};
// When the parent process is killed, end this section with everything that it started.
process.once('disconnect', () => process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL'));
const [, , name = '', options = '{}'] = process.argv;
const section = SECTIONS.get(name);
if (section === undefined) throw new Error(`There is no section ${name}.`);
const measure = await section.load();
const rows = await measure({ ...effort.parse(JSON.parse(options)), say: console.error });
process.send?.({ rows }, () => process.exit());
if (process.send === undefined) console.log(rows);
