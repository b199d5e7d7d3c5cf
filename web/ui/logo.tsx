// The sign of Hullo; the same drawing is the page's icon (public/icon.svg).
export function Logo({ size = 56 }: { readonly size?: number }) {
  return <img src="./icon.svg" width={size} height={size} alt="" />
}
