import { fileURLToPath } from 'node:url';

/** The folder with the maps that take the place of yosys's own, or that it has none for. */
export const mapTemplates = fileURLToPath(new URL('../../../rtl-templates/yosys/', import.meta.url));
