// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/literal_text.h"
#include "gateway/config/prompt_text.h"
#include "gateway/config/section_json.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gateway::config {

namespace {

PromptMessage readMessage(Reading &reading, const Node &node, const std::string &field)
{
    PromptMessage message;
    MapReader map(reading, node, field, "message");
    map.read("role", message.role);
    readLiteral(reading, map, "content", message.content);
    map.finish();
    return message;
}

PromptVariable readVariable(Reading &reading, const Node &node, const std::string &field)
{
    PromptVariable variable;
    MapReader map(reading, node, field, "variable");
    map.read("name", variable.name);
    map.readChoice("type", variable.type, {VariableType::Text, VariableType::Number, VariableType::Boolean, VariableType::List, VariableType::Object});
    if (const Node *value = map.take("default"); value != nullptr && value->kind != Node::Kind::Null)
        variable.defaultValue = jsonText(*value);
    variable.required = variable.defaultValue.empty();
    map.read("required", variable.required);
    readLiteral(reading, map, "description", variable.description);
    map.read("max_length", variable.maxLength);
    for (const auto &[key, bound] : {std::pair {"min", &PromptVariable::least}, std::pair {"max", &PromptVariable::most}}) {
        if (map.node().find(key) != nullptr)
            map.read(key, (variable.*bound).emplace(0));
        else
            map.take(key); // known
    }
    map.read("one_of", variable.oneOf);
    map.finish();
    return variable;
}

void readPartials(Reading &reading, MapReader &map, std::map<std::string, std::string> &out)
{
    const Node *partials = map.takeMap("partials");
    if (partials == nullptr)
        return;
    for (const Entry &entry : partials->entries) {
        if (entry.value.kind == Node::Kind::Scalar)
            out.emplace(entry.key, entry.value.text);
        else
            reading.error(entry.value, fmt::format("{}.{}", map.at("partials"), entry.key), "a partial is a text");
    }
}

PromptVersion readVersion(Reading &reading, const Node &node, const std::string &field)
{
    PromptVersion version;
    MapReader map(reading, node, field, "version");
    std::optional<std::int64_t> number;
    map.read("version", number);
    if (!number && map.isMap() && map.node().find("version") == nullptr)
        reading.error(node, map.at("version"), fmt::format("`{}` is missing; number the versions from 1", map.at("version")));
    version.version = number.value_or(version.version);
    map.read("model", version.model);
    if (const Node *messages = map.takeSequence("messages")) {
        for (const Node &message : messages->items)
            version.messages.push_back(readMessage(reading, message, fmt::format("{}[{}]", map.at("messages"), version.messages.size())));
    }
    readJson(reading, map, "parameters", Node::Kind::Map, version.parameters.text);
    readJson(reading, map, "tools", Node::Kind::Sequence, version.tools);
    readJson(reading, map, "response_format", Node::Kind::Map, version.responseFormat.text);
    if (const Node *variables = map.takeSequence("variables")) {
        for (const Node &variable : variables->items)
            version.variables.push_back(readVariable(reading, variable, fmt::format("{}[{}]", map.at("variables"), version.variables.size())));
    }
    readPartials(reading, map, version.partials);
    map.readChoice("escape", version.escape, {PromptEscape::None, PromptEscape::Html, PromptEscape::Json});
    map.read("labels", version.labels);
    readLiteral(reading, map, "note", version.note);
    readLiteral(reading, map, "author", version.author);
    map.read("created_at", version.createdAt);
    map.finish();
    return version;
}

ExperimentShare readShare(Reading &reading, const Node &node, const std::string &field)
{
    ExperimentShare share;
    MapReader map(reading, node, field, "share");
    std::optional<std::int64_t> number;
    map.read("version", number);
    share.version = number.value_or(0);
    map.read("label", share.label);
    map.read("weight", share.weight);
    map.finish();
    return share;
}

void readExperiment(Reading &reading, MapReader &map, std::vector<ExperimentShare> &out)
{
    const Node *node = map.takeMap("experiment");
    if (node == nullptr)
        return;
    MapReader experiment(reading, *node, map.at("experiment"), "experiment");
    if (const Node *versions = experiment.takeSequence("versions")) {
        for (const Node &version : versions->items)
            out.push_back(readShare(reading, version, fmt::format("{}[{}]", experiment.at("versions"), out.size())));
    }
    experiment.finish();
}

PromptTestCase readTestCase(Reading &reading, const Node &node, const std::string &field)
{
    PromptTestCase test;
    MapReader map(reading, node, field, "case");
    map.read("name", test.name);
    readJson(reading, map, "variables", Node::Kind::Map, test.variables.text);
    readLiterals(reading, map, "matches", test.matches);
    readLiterals(reading, map, "not_matches", test.notMatches);
    readJson(reading, map, "schema", Node::Kind::Map, test.schema.text);
    map.finish();
    return test;
}

PromptTestSet readTestSet(Reading &reading, const Node &node, const std::string &field)
{
    PromptTestSet set;
    MapReader map(reading, node, field, "test set");
    map.read("name", set.name);
    if (const Node *cases = map.takeSequence("cases")) {
        for (const Node &test : cases->items)
            set.cases.push_back(readTestCase(reading, test, fmt::format("{}[{}]", map.at("cases"), set.cases.size())));
    }
    map.finish();
    return set;
}

} // namespace

std::string_view toText(VariableType type)
{
    switch (type) {
    case VariableType::Text: return "text";
    case VariableType::Number: return "number";
    case VariableType::Boolean: return "boolean";
    case VariableType::List: return "list";
    case VariableType::Object: return "object";
    }
    return {};
}

std::string_view toText(PromptEscape escape)
{
    switch (escape) {
    case PromptEscape::None: return "none";
    case PromptEscape::Html: return "html";
    case PromptEscape::Json: return "json";
    }
    return {};
}

std::optional<PromptReference> parsePromptReference(std::string_view text)
{
    const std::size_t at = text.find('@');
    const std::string_view name = text.substr(0, at), which = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    if (name.empty() || (at != std::string_view::npos && which.empty()) || which.find('@') != std::string_view::npos)
        return std::nullopt;
    return PromptReference {.name = std::string(name), .which = std::string(which)};
}

const PromptVersion *findVersion(const Prompt &prompt, std::string_view which)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), number);
    const bool isNumber = !which.empty() && error == std::errc {} && end == which.data() + which.size();
    const auto has = [&](std::string_view label) {
        return std::ranges::find_if(prompt.versions, [&](const PromptVersion &version) { return std::ranges::find(version.labels, label) != version.labels.end(); });
    };
    auto found = isNumber ? std::ranges::find(prompt.versions, number, &PromptVersion::version) : has(which.empty() ? usualLabel : which);
    if (found == prompt.versions.end() && which.empty())
        found = std::ranges::max_element(prompt.versions, {}, &PromptVersion::version);
    return found == prompt.versions.end() ? nullptr : &*found;
}

Prompt readPrompt(Reading &reading, const Node &node, const std::string &field)
{
    Prompt prompt;
    MapReader map(reading, node, field, "prompt");
    if (reading.stored()) {
        map.read("id", prompt.id);
        map.readChoice("origin", prompt.origin, {Origin::Database, Origin::File});
    } else {
        prompt.origin = reading.options().origin;
    }
    map.read("name", prompt.name);
    map.read("folder", prompt.folder);
    if (const Node *versions = map.takeSequence("versions")) {
        for (const Node &version : versions->items)
            prompt.versions.push_back(readVersion(reading, version, fmt::format("{}[{}]", map.at("versions"), prompt.versions.size())));
    }
    readExperiment(reading, map, prompt.experiment);
    if (const Node *sets = map.takeSequence("test_sets")) {
        for (const Node &set : sets->items)
            prompt.testSets.push_back(readTestSet(reading, set, fmt::format("{}[{}]", map.at("test_sets"), prompt.testSets.size())));
    }
    map.finish();
    std::ranges::stable_sort(prompt.versions, {}, &PromptVersion::version);
    return prompt;
}

std::expected<std::vector<Prompt>, Problems> readPrompts(std::string_view json)
{
    const auto read = [](Reading &reading, const Node &node) {
        std::vector<Prompt> prompts;
        if (node.kind != Node::Kind::Sequence)
            reading.error(node, "prompts", "`prompts` must be a list");
        for (const Node &item : node.items)
            prompts.push_back(readPrompt(reading, item, fmt::format("prompts[{}]", prompts.size())));
        return prompts;
    };
    return readSection<std::vector<Prompt>>(json, read, [](Checks &checks, const std::vector<Prompt> &prompts) { checkPrompts(checks, "prompts", prompts); });
}

std::expected<Prompt, Problems> readPrompt(std::string_view json)
{
    return readSection<Prompt>(
        json, [](Reading &reading, const Node &node) { return readPrompt(reading, node, ""); }, [](Checks &checks, const Prompt &prompt) { checkPrompt(checks, "", prompt); });
}

} // namespace gateway::config
