/** The script of Biome, which formats files and sorts their imports. Node runs it on every system, with or without npm. */
export const BIOME = 'node_modules/@biomejs/biome/bin/biome';
