"""The network and the page: lists, politeness, archives read, page to article."""
