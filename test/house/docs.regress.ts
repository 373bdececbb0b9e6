import { runDocuments } from './run-docs.ts';

// Later blocks of a page may use what earlier ones built, so both kinds are run here.
runDocuments(['test', 'regress'], 900_000);
