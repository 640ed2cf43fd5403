import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';

describe('a bot', () => {
  test('is found by an id of it, asked for once', async () => {
    await using core = await openCore();
    const { describe: real } = core.telegram.provider;
    let asked = 0;
    core.telegram.provider.describe = () => {
      asked += 1;
      return real();
    };
    const { providers } = core.app.core;
    expect(await providers.bot({ botId: '42' })).toEqual({ flow: 'telegram.bot_api' });
    expect(await providers.bot({ botId: '1914078' })).toEqual({ flow: 'telegram.bots_business' });
    await expect(providers.bot({ botId: '43' })).rejects.toMatchObject({ code: 'not_found' });
    expect(asked).toBe(1);
  });

  test('is nobody’s where there is no such provider, and found where another does not answer', async () => {
    await using core = await openCore();
    const without = await core.restart({ providers: { stripe: core.psp.provider } });
    const unknown = without.core.providers.bot({ botId: '42' });
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });

    const gone = () => Promise.reject(new DomainError('unavailable', 'Its process is gone'));
    core.psp.provider.describe = gone;
    const { providers } = core.app.core;
    expect(await providers.bot({ botId: '42' })).toEqual({ flow: 'telegram.bot_api' });
    await expect(providers.bot({ botId: '43' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test.each([
  [{ amount: 9, currency: 'XTR' }, 'is less than telegram takes at once, which is 10 XTR'],
  [{ amount: 9, currency: 'USD' }, 'is less than telegram takes at once, which is 0.10 USD'],
  [{ amount: 0, currency: 'USD' }, 'must be greater than zero'],
])('%j is too little, and nothing is stored', async (money, message) => {
  await using core = await openCore();
  const create = core.app.core.invoices.create(core.telegramInvoice({ money }));
  await expect(create).rejects.toMatchObject({ code: 'invalid_request', param: 'amount', message });
  expect(await core.store.read.selectFrom('invoices').selectAll().execute()).toEqual([]);
  const least = { ...money, amount: 10 };
  const made = await core.app.core.invoices.create(core.telegramInvoice({ money: least }));
  expect(made).toMatchObject({ status: 'pending', amount: 10 });
});
