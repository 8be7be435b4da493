/**
 * Parameters by which advertisers and mailers follow a visitor from their link to the page; pages read them in the browser,
 * and no server needs them. In `except` the word "tracking" stands for all of these.
 */
export const trackingParameters: readonly string[] = [
  "utm_*", // Urchin, Google Analytics
  "gclid", // Google Ads
  "gclsrc",
  "dclid",
  "gbraid",
  "wbraid",
  "gad_source",
  "gad_campaignid",
  "srsltid",
  "_ga", // Google Analytics across domains
  "_gl",
  "fbclid", // Meta
  "igshid",
  "msclkid", // Microsoft Advertising
  "ttclid", // TikTok
  "twclid", // X
  "li_fat_id", // LinkedIn
  "yclid", // Yandex
  "ysclid",
  "epik", // Pinterest
  "rdt_cid", // Reddit
  "ScCid", // Snapchat
  "mc_cid", // Mailchimp
  "mc_eid",
  "_hsenc", // HubSpot
  "_hsmi",
  "hsa_*",
  "mkt_tok", // Marketo
  "_ke", // Klaviyo
  "_kx",
  "vero_id", // Vero
  "oly_anon_id", // Omeda
  "oly_enc_id",
  "pk_*", // Matomo
  "mtm_*",
  "wickedid", // Wicked Reports
];
