/**
 * How much work the conditions of one check may do together, in steps. A step is what one instruction of a regular
 * expression does with one character in the slowest case, 10 to 25 ns; all together take less than a second.
 */
export const maxWork = 40_000_000

/** What it costs, in steps, to visit a value of a JSON document. */
export const visitCost = 16

/** The work that is left. Whoever works spends first, and stops once nothing is left. */
export class Work {
  private left = maxWork
  /** Whether more was asked for than was left. */
  isExhausted = false

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
