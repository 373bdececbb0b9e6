import { inBash, runDocuments } from './run-docs.ts';

// Later blocks of a page may use what earlier ones built, so both kinds are run here.
runDocuments(['test', 'regress'], inBash, 900_000);
