import type { CheckoutRefusal, InvoiceStatus } from '@quittance/contracts';

interface ShownInvoice {
  merchant: string;
  title: string;
  description: string;
  amount: string;
  state: string;
}

/** Everything that the bot says, in one language. */
export interface Texts {
  /** For numbers. */
  locale: string;
  /** Why somebody may not pay: at the moment of paying, and when the invoice is opened. */
  refusals: Record<CheckoutRefusal, string>;
  states: Record<InvoiceStatus, string>;
  welcome: string;
  help: string;
  invoice: (invoice: ShownInvoice) => string;
  checkAgain: string;
  checked: string;
  paid: (amount: string) => string;
  pin: { set: string; malformed: string; nobody: string };
  invoices: { title: string; none: string; nobody: string };
  support: (contact: string | undefined) => string;
  terms: (url: string | undefined) => string;
  commands: Record<CommandName, string>;
}

export const commandNames = ['invoices', 'setpin', 'paysupport', 'terms', 'help'] as const;
type CommandName = (typeof commandNames)[number];

const lines = (...all: readonly string[]): string => all.join('\n');

/** A description that only repeats the title is not shown. */
const described = ({ title, description }: ShownInvoice): string =>
  description === title ? title : lines(title, description);

const en: Texts = {
  locale: 'en-US',
  refusals: {
    unknown: 'There is no such invoice. Please ask the seller for a new link.',
    paid: 'This invoice has already been paid.',
    expired: 'This invoice has expired. Please ask the seller for a new one.',
    canceled: 'The seller has canceled this invoice.',
    not_payable: 'This invoice cannot be paid now. Please ask the seller.',
    other_amount: 'The amount of this invoice is another one. Please open it again from its link.',
    being_paid: 'Somebody is paying this invoice right now. Please try again in a few minutes.',
  },
  states: {
    draft: 'not ready yet',
    creating: 'not ready yet',
    pending: 'waiting for payment',
    processing: 'payment on its way',
    partially_paid: 'paid in part',
    paid: 'paid',
    expired: 'expired',
    canceled: 'canceled',
    failed: 'failed',
    uncollectible: 'written off',
    partially_refunded: 'refunded in part',
    refunded: 'refunded',
  },
  welcome: lines(
    'Hello! I take payments for invoices.',
    'Open the link of an invoice, or the QR code of it, and I show you what to pay.',
    '',
    '/help tells what else I can do.',
  ),
  help: lines(
    'To pay, open the link of your invoice. I show it to you with a button to pay.',
    '',
    'For sellers:',
    '/invoices: your newest invoices and their state',
    '/setpin 1a2b3c: sets the PIN with which your programs make invoices, 4 to 6 characters',
    '',
    '/paysupport: help with a payment',
    '/terms: the terms',
  ),
  invoice: (invoice) =>
    lines(
      `Invoice from ${invoice.merchant}`,
      '',
      described(invoice),
      '',
      `Amount: ${invoice.amount}`,
      `State: ${invoice.state}`,
    ),
  checkAgain: 'Check the state',
  checked: 'This is how it is now.',
  paid: (amount) => `Thank you! Your payment of ${amount} has arrived.`,
  pin: {
    set: 'Your PIN is set. I have deleted your message with it.',
    malformed: 'A PIN has 4 to 6 characters without spaces. Send it like this: /setpin 1a2b3c',
    nobody: 'Only sellers have a PIN, and I do not know you as one.',
  },
  invoices: {
    title: 'Your newest invoices:',
    none: 'You have not made any invoice yet.',
    nobody: 'Only sellers have invoices here, and I do not know you as one.',
  },
  support: (contact) =>
    lines(
      contact === undefined
        ? 'For help with a payment, please write to the seller whose invoice you paid.'
        : `For help with a payment, please write to ${contact}.`,
      'Tell them the invoice: its number begins with invoice-.',
      'Stars can be given back by the seller, all that you paid, to your balance.',
      'Telegram support cannot help with purchases made through this bot.',
    ),
  terms: (url) =>
    lines(
      'The seller named in an invoice sells to you and delivers what you paid for.',
      'An invoice is paid once, by whoever pays first. After it has expired or was canceled it cannot be paid.',
      'Refunds are the decision of the seller.',
      ...(url === undefined ? [] : [`All terms: ${url}`]),
    ),
  commands: {
    invoices: 'Your newest invoices',
    setpin: 'Set the PIN for your programs',
    paysupport: 'Help with a payment',
    terms: 'The terms',
    help: 'What I can do',
  },
};

const ru: Texts = {
  locale: 'ru-RU',
  refusals: {
    unknown: 'Такого счёта нет. Попросите у продавца новую ссылку.',
    paid: 'Этот счёт уже оплачен.',
    expired: 'Срок оплаты счёта истёк. Попросите у продавца новый.',
    canceled: 'Продавец отменил этот счёт.',
    not_payable: 'Сейчас этот счёт нельзя оплатить. Обратитесь к продавцу.',
    other_amount: 'Сумма этого счёта другая. Откройте его ещё раз по ссылке.',
    being_paid:
      'Этот счёт прямо сейчас оплачивает кто-то другой. Попробуйте через несколько минут.',
  },
  states: {
    draft: 'ещё не готов',
    creating: 'ещё не готов',
    pending: 'ожидает оплаты',
    processing: 'оплата обрабатывается',
    partially_paid: 'оплачен частично',
    paid: 'оплачен',
    expired: 'истёк',
    canceled: 'отменён',
    failed: 'не удался',
    uncollectible: 'списан',
    partially_refunded: 'возвращён частично',
    refunded: 'возвращён',
  },
  welcome: lines(
    'Здравствуйте! Я принимаю оплату счетов.',
    'Откройте ссылку на счёт или его QR-код, и я покажу, что нужно оплатить.',
    '',
    '/help расскажет, что ещё я умею.',
  ),
  help: lines(
    'Чтобы заплатить, откройте ссылку на счёт. Я покажу его с кнопкой оплаты.',
    '',
    'Для продавцов:',
    '/invoices: ваши последние счета и их состояние',
    '/setpin 1a2b3c: задать PIN, с которым ваши программы выставляют счета, от 4 до 6 символов',
    '',
    '/paysupport: помощь с оплатой',
    '/terms: условия',
  ),
  invoice: (invoice) =>
    lines(
      `Счёт от ${invoice.merchant}`,
      '',
      described(invoice),
      '',
      `Сумма: ${invoice.amount}`,
      `Состояние: ${invoice.state}`,
    ),
  checkAgain: 'Проверить состояние',
  checked: 'Сейчас всё так.',
  paid: (amount) => `Спасибо! Ваш платёж на сумму ${amount} получен.`,
  pin: {
    set: 'PIN задан. Ваше сообщение с ним я удалил.',
    malformed: 'PIN состоит из 4–6 символов без пробелов. Отправьте его так: /setpin 1a2b3c',
    nobody: 'PIN есть только у продавцов, а вас я как продавца не знаю.',
  },
  invoices: {
    title: 'Ваши последние счета:',
    none: 'Вы ещё не выставили ни одного счёта.',
    nobody: 'Счета здесь есть только у продавцов, а вас я как продавца не знаю.',
  },
  support: (contact) =>
    lines(
      contact === undefined
        ? 'По вопросам оплаты напишите продавцу, чей счёт вы оплатили.'
        : `По вопросам оплаты напишите: ${contact}.`,
      'Сообщите номер счёта: он начинается с invoice-.',
      'Звёзды может вернуть продавец, всю уплаченную сумму, на ваш баланс.',
      'Поддержка Telegram не может помочь с покупками через этого бота.',
    ),
  terms: (url) =>
    lines(
      'Вам продаёт продавец, указанный в счёте; он же передаёт то, что вы оплатили.',
      'Счёт оплачивается один раз, тем, кто заплатил первым. Истёкший или отменённый счёт оплатить нельзя.',
      'О возврате решает продавец.',
      ...(url === undefined ? [] : [`Все условия: ${url}`]),
    ),
  commands: {
    invoices: 'Ваши последние счета',
    setpin: 'Задать PIN для ваших программ',
    paysupport: 'Помощь с оплатой',
    terms: 'Условия',
    help: 'Что я умею',
  },
};

/** By the two letters that Telegram knows a language by. English is for everybody else. */
export const languages = { en, ru } as const;

/** By the IETF tag of a person's app, e.g. `ru` or `ru-RU`. */
export const textsFor = (languageCode: string | undefined): Texts =>
  /^ru\b/i.test(languageCode ?? '') ? ru : en;
