export const site = {
  title: "Site",
};
