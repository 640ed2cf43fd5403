import type { InvoiceCore, PaymentProvider } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { act } from './cancel.ts';
import type { BitsbyConfig } from './config.ts';
import { connect } from './connection.ts';
import { describeBitsby } from './description.ts';
import { notPossible } from './errors.ts';
import { findOpened, poll } from './find.ts';
import { openInvoice } from './open.ts';
import { realTiming, type Timing } from './timing.ts';
import { receive } from './webhook.ts';

export const createBitsbyProvider = ({
  config,
  pace,
  clock,
  timing = realTiming,
}: {
  config: BitsbyConfig;
  pace: InvoiceCore['pace'];
  clock: Clock;
  timing?: Timing;
}): PaymentProvider => {
  const deps = { bitsby: connect({ config, pace, timing }), config, clock, timing };
  return {
    describe: () => Promise.resolve(describeBitsby(config)),
    open: (input) => openInvoice(deps, input),
    find: (input) => (input.by === 'open' ? findOpened(deps, input.open) : poll(deps, input)),
    act: (input) => act(deps, input),
    refund: () => Promise.reject(notPossible('Bitsby gives no money back: the seller has it')),
    customer: () => Promise.reject(notPossible('Bitsby knows no customers')),
    receive,
  };
};
