// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/cache_text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

Node exactNode(const ExactCache &cache, const WriteOptions &options)
{
    const ExactCache standard;
    MapWriter map(options);
    if (cache.maxEntries != standard.maxEntries)
        map.write("max_entries", std::optional(cache.maxEntries));
    map.writeSize("max_bytes", cache.maxBytes, standard.maxBytes);
    map.write("persist", cache.persist, standard.persist);
    return map.take();
}

Node semanticNode(const SemanticCache &cache, const WriteOptions &options)
{
    const SemanticCache standard;
    MapWriter map(options);
    if (cache.embedWith.lexical) {
        map.addAlways("embed_with", Node::string("lexical"));
    } else {
        MapWriter with(options);
        with.write("provider", cache.embedWith.provider);
        with.write("model", cache.embedWith.model);
        map.addAlways("embed_with", with.take());
    }
    map.write("threshold", cache.threshold, standard.threshold);
    if (cache.maxEntries != standard.maxEntries)
        map.write("max_entries", std::optional(cache.maxEntries));
    return map.take();
}

} // namespace

Node routeCacheNode(const RouteCache &cache, const WriteOptions &options)
{
    const RouteCache standard;
    MapWriter map(options);
    map.addAlways("mode", Node::string(std::string(toText(cache.mode))));
    map.write("ttl", cache.ttl, standard.ttl);
    map.writeChoice("share", cache.share, standard.share);
    map.write("namespace", cache.nameSpace);
    if (cache.threshold)
        map.addAlways("threshold", Node::plain(fmt::format("{}", *cache.threshold)));
    return map.take();
}

Node promptCacheNode(const PromptCache &cache, const WriteOptions &options)
{
    const PromptCache standard;
    MapWriter map(options);
    map.writeChoice("marks", cache.marks, standard.marks);
    map.writeChoice("ttl", cache.life, standard.life);
    return map.take();
}

Node toNode(const CacheSettings &cache, const WriteOptions &options)
{
    MapWriter map(options);
    map.add("exact", exactNode(cache.exact, options));
    if (cache.semantic)
        map.addAlways("semantic", semanticNode(*cache.semantic, options));
    return map.take();
}

} // namespace gateway::config
