// Where a phone's keyboard lies over the page instead of making it smaller (Safari), the frame is as high as what is seen.
import { useEffect } from 'preact/hooks'

export function useSeenHeight(): void {
  useEffect(() => {
    const { visualViewport } = window
    const { style } = document.documentElement
    if (visualViewport === null) return undefined
    const measure = () => {
      // Zoomed in, less is seen for another reason.
      const isCovered = visualViewport.scale === 1 && visualViewport.height < innerHeight - 1
      if (isCovered) style.setProperty('--seen-height', `${visualViewport.height}px`)
      else style.removeProperty('--seen-height')
      if (isCovered) scrollTo(0, 0)
    }
    visualViewport.addEventListener('resize', measure)
    return () => {
      visualViewport.removeEventListener('resize', measure)
      style.removeProperty('--seen-height')
    }
  }, [])
}
