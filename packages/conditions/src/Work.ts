/**
 * How much work the conditions of one check may do together, in steps. A step is what one instruction of a regular
 * expression does with one character in the slowest case, 10 to 25 ns; all together take less than a second.
 */
export const maxWork = 30_000_000

/** What it costs, in steps, to visit a value of a JSON document. */
export const visitCost = 16

/** What it costs, in steps, to list one member of an object: large ones are hash tables. */
export const memberCost = 48

/** The work that is left. Whoever works spends first, and stops once there is not enough. */
export class Work {
  private left = maxWork
  /** Whether the condition that works asked for more than was left. */
  isExhausted = false

  /** Lets the next condition begin: it may still hold if it needs no work. */
  begin(): void {
    this.isExhausted = false
  }

  /** Takes steps from what is left, and says whether there were enough of them; if not, nothing is left. */
  spend(steps: number): boolean {
    if (steps > this.left) {
      this.left = 0
      this.isExhausted = true
      return false
    }
    this.left -= steps
    return true
  }

  /** Takes what it costs to read a text once, natively. */
  spendOnText(text: string): boolean {
    return this.spend(text.length >> 3)
  }
}
