/* A list of links to large pictures opens in a viewer. Markup: macro media.photo_grid(viewer=true).
   The page also links vendor/photoswipe/photoswipe.css. Without this module each link opens its picture.

   [data-gallery]        the list; data-text-close, -zoom, -prev, -next, -error, -page
   a[data-gallery-item]  href = large picture, data-width, data-height (its pixels), data-title, data-page (its own page);
                         the alt of the image inside is read in the viewer too */

import PhotoSwipeLightbox from "../vendor/photoswipe/photoswipe-lightbox.esm.min.js";

for (const list of document.querySelectorAll("[data-gallery]")) {
  for (const link of list.querySelectorAll("a[data-gallery-item]")) {
    link.dataset.pswpWidth = link.dataset.width;
    link.dataset.pswpHeight = link.dataset.height;
  }
  const text = list.dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const lightbox = new PhotoSwipeLightbox({
    gallery: list,
    children: "a[data-gallery-item]",
    pswpModule: () => import("../vendor/photoswipe/photoswipe.esm.min.js"),
    secondaryZoomLevel: 1,
    maxZoomLevel: 2,
    showHideAnimationType: still ? "none" : "zoom",
    zoomAnimationDuration: still ? false : 333,
    closeTitle: text.textClose,
    zoomTitle: text.textZoom,
    arrowPrevTitle: text.textPrev,
    arrowNextTitle: text.textNext,
    errorMsg: text.textError,
  });
  lightbox.on("uiRegister", () => {
    lightbox.pswp.ui.registerElement({
      name: "caption",
      order: 9,
      isButton: false,
      appendTo: "root",
      className: "pswp__caption",
      onInit: (element, pswp) => {
        element.setAttribute("aria-live", "polite");
        pswp.on("change", () => {
          const source = pswp.currSlide.data.element;
          const title = document.createElement("span");
          title.textContent = source ? source.dataset.title : "";
          element.replaceChildren(title);
          if (source && source.dataset.page) {
            const link = document.createElement("a");
            link.href = source.dataset.page;
            link.textContent = text.textPage;
            element.append(link);
          }
        });
      },
    });
  });
  lightbox.init();
}
