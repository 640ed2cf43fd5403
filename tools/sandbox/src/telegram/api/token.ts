/** Where a call goes to, as the path says. */
export interface Address {
  token: string;
  /** Of the test environment: `/bot<token>/test/<method>`, whose bots are others. */
  test: boolean;
  /** In lower case, since the Bot API does not tell cases apart. */
  method: string;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** What is behind the token is not looked at. Source: tdlib/telegram-bot-api, HttpConnection.cpp. */
export const addressOf = (path: string): Address | undefined => {
  const found = /^\/bot(?<token>[^/]*)(?<test>\/test)?\/(?<method>[^/]*)$/.exec(path)?.groups;
  if (found === undefined) return undefined;
  const { token = '', method = '' } = found;
  return {
    token: decoded(token),
    test: found['test'] !== undefined,
    method: method.toLowerCase(),
  };
};

/** The bot's id, when the token is of the real form: `<id>:<35 characters>`. */
export const botIdOf = (token: string): number | undefined => {
  const id = /^(?<id>[1-9]\d{0,15}):[\w-]{35}$/.exec(token)?.groups?.['id'];
  const parsed = Number(id);
  return id !== undefined && Number.isSafeInteger(parsed) ? parsed : undefined;
};
