import type { Command } from './command.ts';
import { account } from './commands/account.ts';
import { invoiceStatus } from './commands/invoice-status.ts';
import { newInvoice } from './commands/new-invoice.ts';
import { requestStatus } from './commands/request-status.ts';
import { request } from './commands/request.ts';
import { send } from './commands/send.ts';
import { settings, updateSettings } from './commands/settings.ts';

/** What the bot can be asked for over HTTP. */
export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    'new-invoice': newInvoice,
    'invoice-status': invoiceStatus,
    send,
    settings,
    'update-settings': updateSettings,
    account,
    request,
    'request-status': requestStatus,
  }),
);
