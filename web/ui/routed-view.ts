// What every view beside the conversations is given by its route.

export interface RoutedViewProps {
  /** What stands in the address behind the view's name. */
  readonly rest: string
}
