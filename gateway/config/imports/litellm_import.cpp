// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/litellm_parts.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config::imports {

namespace {

constexpr std::size_t longestShown = 100;

/// What a provider's address may be: an environment variable that is one carries no secret away.
bool isAddress(std::string_view value)
{
    return (value.starts_with("https://") || value.starts_with("http://")) && value.find('@') == std::string_view::npos;
}

void readEnvironment(Gathered &gathered, const Node &root)
{
    const Node *variables = root.find("environment_variables");
    if (variables == nullptr)
        return;
    for (const Entry &entry : variables->entries) {
        if (entry.value.kind == Node::Kind::Scalar && !entry.value.text.starts_with(environmentPrefix))
            gathered.environment.emplace(entry.key, entry.value.text);
        gathered.account.changed(entry.value, "used where this file names it; Signalbox sets no environment variables");
    }
}

void readCredentialList(Gathered &gathered, const Node &root)
{
    const Node *list = root.find("credential_list");
    if (list == nullptr)
        return;
    for (const Node &item : list->items) {
        const Node *name = item.find("credential_name");
        const Node *values = item.find("credential_values");
        if (name == nullptr || name->kind != Node::Kind::Scalar || values == nullptr) {
            gathered.account.left(item, "a credential has `credential_name` and `credential_values`");
            continue;
        }
        gathered.credentials.emplace(name->text, values);
        gathered.account.taken(*name, "the credential of that name");
        if (const Node *info = item.find("credential_info"))
            gathered.account.left(*info, "credentials have no description");
    }
}

} // namespace

ModelGroup *Gathered::group(std::string_view name, bool make)
{
    const auto found = std::ranges::find(groups, name, &ModelGroup::name);
    if (found != groups.end())
        return &*found;
    if (!make)
        return nullptr;
    groups.push_back({.name = std::string(name)});
    return &groups.back();
}

std::optional<std::string> Gathered::value(const Node &node, bool secret)
{
    const auto text = account.text(node);
    if (!text)
        return std::nullopt;
    if (!text->starts_with(environmentPrefix)) {
        if (secret)
            account.taken(node, "a credential's value");
        return text;
    }
    const std::string name = text->substr(environmentPrefix.size());
    const std::string shown = toValidUtf8(truncatedUtf8(name, longestShown));
    std::optional<std::string> found;
    if (const auto own = environment.find(name); own != environment.end())
        found = own->second;
    else if (options->environment)
        found = options->environment(name);
    if (!found || found->empty()) {
        account.changed(node, fmt::format("{} is not set here: {}", shown, secret ? "set it and import again; a provider without its credential cannot be used" : "give the value itself"));
        return std::nullopt;
    }
    if (!secret && !isAddress(*found)) {
        account.left(node, fmt::format("{} is not the address of a server; outside of credentials a variable is taken only for that", shown));
        return std::nullopt;
    }
    account.changed(node, fmt::format("{} as it is now; Signalbox does not look at it again{}", shown, secret ? ", and keeps it in its vault" : ""));
    return found;
}

const Node *firstOf(Gathered &gathered, const Node &root, std::initializer_list<const char *> sections, std::string_view key)
{
    const Node *first = nullptr;
    for (const char *name : sections) {
        const Node *section = root.find(name);
        const Node *value = section ? section->find(key) : nullptr;
        if (value == nullptr)
            continue;
        if (first == nullptr)
            first = value;
        else
            gathered.account.left(*value, fmt::format("{} says it too, and rules", *sections.begin()));
    }
    return first;
}

std::expected<Imported, Problems> importLiteLlm(std::string_view text, const ImportOptions &options)
{
    const auto root = parseYaml(text, options.file);
    if (!root)
        return std::unexpected(Problems {root.error()});
    const auto refused = [&](const Node &at, std::string field, std::string message) {
        return std::unexpected(Problems {{.file = options.file, .line = at.line, .column = at.column, .field = std::move(field), .message = std::move(message)}});
    };
    const Node *models = root->kind == Node::Kind::Map ? root->find("model_list") : nullptr;
    if (models == nullptr)
        return refused(*root, {}, "is no configuration of LiteLLM: it has no `model_list`");
    if (models->kind != Node::Kind::Sequence)
        return refused(*models, "model_list", "`model_list` must be a list");
    Gathered gathered;
    gathered.options = &options;
    readEnvironment(gathered, *root);
    readCredentialList(gathered, *root);
    readModelList(gathered, *models);
    gathered.result.text.config.providers = gathered.pool.take();
    for (ModelGroup &group : gathered.groups) {
        for (Deployment &deployment : group.deployments) {
            if (gathered.result.text.config.providers[deployment.provider].credentials.size() > 1)
                deployment.target.credential = deployment.credential;
        }
    }
    makeRoutes(gathered, *root);
    readSettings(gathered, *root);
    gathered.result.notes = gathered.account.notes(*root);
    return std::move(gathered.result);
}

} // namespace gateway::config::imports
