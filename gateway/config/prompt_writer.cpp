// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/literal_text.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/prompt_text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

Node messageNode(const PromptMessage &message, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("role", message.role);
    map.addAlways("content", Node::string(message.content));
    return map.take();
}

Node variableNode(const PromptVariable &variable, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("name", variable.name);
    map.writeChoice("type", variable.type, VariableType::Text);
    writeJson(map, "default", variable.defaultValue);
    map.write("required", variable.required, variable.defaultValue.empty());
    writeLiteral(map, "description", variable.description);
    map.write("max_length", variable.maxLength);
    for (const auto &[key, bound] : {std::pair {"min", variable.least}, std::pair {"max", variable.most}})
        if (bound)
            map.addAlways(key, Node::plain(fmt::format("{}", *bound)));
    map.write("one_of", variable.oneOf);
    return map.take();
}

Node versionNode(const PromptVersion &version, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("version", std::optional(version.version));
    map.write("model", version.model);
    Node messages = Node::sequence();
    for (const PromptMessage &message : version.messages)
        messages.items.push_back(messageNode(message, options));
    map.add("messages", std::move(messages));
    writeJson(map, "parameters", version.parameters.text);
    writeJson(map, "tools", version.tools);
    writeJson(map, "response_format", version.responseFormat.text);
    Node variables = Node::sequence();
    for (const PromptVariable &variable : version.variables)
        variables.items.push_back(variableNode(variable, options));
    map.add("variables", std::move(variables));
    Node partials = Node::map();
    for (const auto &[name, text] : version.partials)
        partials.add(name, Node::string(text));
    map.add("partials", std::move(partials));
    map.writeChoice("escape", version.escape, PromptEscape::None);
    map.write("labels", version.labels);
    writeLiteral(map, "note", version.note);
    writeLiteral(map, "author", version.author);
    if (version.createdAt != WallTime {})
        map.writeDate("created_at", version.createdAt);
    return map.take();
}

Node shareNode(const ExperimentShare &share, const WriteOptions &options)
{
    MapWriter map(options);
    if (share.version != 0)
        map.write("version", std::optional(share.version));
    map.write("label", share.label);
    map.write("weight", share.weight, 1.0);
    return map.take();
}

Node testSetNode(const PromptTestSet &set, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("name", set.name);
    Node cases = Node::sequence();
    for (const PromptTestCase &test : set.cases) {
        MapWriter one(options);
        one.write("name", test.name);
        writeJson(one, "variables", test.variables.text);
        writeLiterals(one, "matches", test.matches);
        writeLiterals(one, "not_matches", test.notMatches);
        writeJson(one, "schema", test.schema.text);
        cases.items.push_back(one.take());
    }
    map.add("cases", std::move(cases));
    return map.take();
}

} // namespace

Node toNode(const Prompt &prompt, const WriteOptions &options)
{
    MapWriter map(options);
    if (options.stored) {
        map.write("id", prompt.id);
        map.writeChoice("origin", prompt.origin, Origin::Database);
    }
    map.write("name", prompt.name);
    map.write("folder", prompt.folder);
    Node versions = Node::sequence();
    for (const PromptVersion &version : prompt.versions)
        versions.items.push_back(versionNode(version, options));
    map.add("versions", std::move(versions));
    if (!prompt.experiment.empty()) {
        Node shares = Node::sequence();
        for (const ExperimentShare &share : prompt.experiment)
            shares.items.push_back(shareNode(share, options));
        Node experiment = Node::map();
        experiment.add("versions", std::move(shares));
        map.add("experiment", std::move(experiment));
    }
    Node sets = Node::sequence();
    for (const PromptTestSet &set : prompt.testSets)
        sets.items.push_back(testSetNode(set, options));
    map.add("test_sets", std::move(sets));
    return map.take();
}

} // namespace gateway::config
