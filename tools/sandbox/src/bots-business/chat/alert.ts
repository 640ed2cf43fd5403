/** What the bot shows over the chat when a button was pressed. */
export interface Alert {
  text: string;
  /** Whether the button did what it says. */
  done: boolean;
}

export const refusedWith = (text: string): Alert => ({ text, done: false });
