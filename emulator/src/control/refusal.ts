/** The emulator did not do it; the message is its own sentence. */
export class EmulatorRefusal extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0: nobody answered, or not in time. */
    readonly status: number,
  ) {
    super(message)
    this.name = 'EmulatorRefusal'
  }
}
