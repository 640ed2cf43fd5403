import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { withAdapter } from '../adapter-under-test.ts';

test.each([
  ['en', /^Your PIN is set/, /^A PIN has 4 to 6/, /^Only sellers/],
  ['ru', /^PIN задан/, /^PIN состоит из/, /^PIN есть только/],
])(
  'in %s, a PIN is set, its message deleted, and never said again',
  (language, set, malformed, nobody) =>
    withAdapter(async ({ core, person }) => {
      const seller = await person({ language });
      core.addUser(seller.id);
      const say = async (text: string): Promise<string> => {
        const [answer] = await seller.ask(text);
        return answer?.text ?? '';
      };
      expect(await say('/setpin 1a2b')).toMatch(set);
      expect(core.pins.get(seller.id)).toBe('1a2b');
      expect(await say('/setpin abc')).toMatch(malformed);
      expect(await say('/setpin 1234567')).toMatch(malformed);
      expect(await say('/setpin 12 34')).toMatch(malformed);
      expect(await say('/setpin')).toMatch(malformed);
      expect(core.pins.get(seller.id)).toBe('1a2b');
      const left = (await seller.messages()).map(({ text = '' }) => text);
      expect(
        left.filter((text) => /1a2b|abc|1234567|12 34/.test(text.replaceAll('1a2b3c', ''))),
      ).toEqual([]);
      expect(left).toContain('/setpin');

      const stranger = await person({ language });
      const [answer] = await stranger.ask('/setpin 9876');
      expect(answer?.text).toMatch(nobody);
      expect(inspect(await stranger.messages())).not.toContain('9876');
    }),
);

test.each([
  ['en', 'Your newest invoices:', 'waiting for payment', /^You have not made/, /^Only sellers/],
  ['ru', 'Ваши последние счета:', 'ожидает оплаты', /^Вы ещё не/, /^Счета здесь есть только/],
])('in %s, sellers see their own newest invoices', (language, title, state, none, nobody) =>
  withAdapter(async ({ core, make, person }) => {
    const seller = await person({ language });
    const [before] = await seller.ask('/invoices');
    expect(before?.text).toMatch(nobody);
    core.addUser(seller.id);
    const [empty] = await seller.ask('/invoices');
    expect(empty?.text).toMatch(none);

    for (let id = 1; id <= 12; id += 1) await make({ key: `k${id}`, invoiceId: id });
    const [answer] = await seller.ask('/invoices');
    const lines = answer?.text?.replaceAll('\u00A0', ' ').split('\n') ?? [];
    expect(lines[0]).toBe(title);
    expect(lines).toHaveLength(11);
    expect(lines[1]).toBe(`• Tea: ⭐️ ${language === 'ru' ? '2 050' : '2,050'}, ${state}`);
  }),
);

test('invoices of other ways to pay are listed by what they have', () =>
  withAdapter(async ({ core, make, person }) => {
    const seller = await person();
    core.addUser(seller.id);
    const { ref } = await make();
    const flow = 'stripe.payment_intent' as const;
    const other = { flow, amount: 1250, currency: 'USD', status: 'paid' } as const;
    core.change(ref, { ...other, description: 'x'.repeat(100) });
    const [answer] = await seller.ask('/invoices');
    expect(answer?.text).toContain(`• ${'x'.repeat(64)}…: $12.50, paid`);
    core.change(ref, { ...other, description: null });
    const [again] = await seller.ask('/invoices');
    expect(again?.text).toContain('• #1: $12.50, paid');
  }));
