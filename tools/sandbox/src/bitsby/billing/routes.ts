import { openAccount } from '../accounts/open-account.ts';
import { pageShape } from '../api/params.ts';
import { route } from '../api/route.ts';
import { commissionRate, receiptsOf30Days } from './commission.ts';

/** Nobody refers users to the emulator. */
const partnerBalance = '0.00';

export const billingRoutes = [
  route('/billing/balances', {}, ({ state, apiKey }) => ({
    internal: openAccount(state, apiKey).internal,
    partner: partnerBalance,
  })),
  route('/billing/history', pageShape, ({ state, apiKey }, { offset, limit }) =>
    state.history
      .newestFirst()
      .filter((change) => change.apiKey === apiKey)
      .slice(offset, offset + limit)
      .map(({ apiKey: _apiKey, ...change }) => change),
  ),
  // Spelled so by Bitsby.
  route('/billing/tarrifs', {}, (call) =>
    call.state.projects
      .newestFirst()
      .filter(({ apiKey }) => apiKey === call.apiKey)
      .map((project) => ({
        id: project.id,
        name: project.name,
        '30dPayments': receiptsOf30Days(call, project),
        payer: project.commissionPayer,
        rate: commissionRate(call, project),
      })),
  ),
];
