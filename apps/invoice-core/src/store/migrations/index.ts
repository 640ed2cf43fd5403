import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';
import * as jobs from './0002-jobs.ts';
import * as lists from './0003-lists.ts';
import * as providerInvoices from './0004-provider-invoices.ts';
import * as webhookEndpoints from './0005-webhook-endpoints.ts';
import * as projects from './0006-projects.ts';
import * as telegram from './0007-telegram.ts';

/** Every migration by name, in order. Listed here rather than found on disk, so that bundles carry them. */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-jobs': jobs,
  '0003-lists': lists,
  '0004-provider-invoices': providerInvoices,
  '0005-webhook-endpoints': webhookEndpoints,
  '0006-projects': projects,
  '0007-telegram': telegram,
};
