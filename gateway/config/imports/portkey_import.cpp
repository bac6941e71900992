// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/account.h"
#include "gateway/config/imports/import.h"
#include "gateway/config/imports/provider_pool.h"
#include "gateway/config/names.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace gateway::config::imports {

namespace {

constexpr std::size_t longestShown = 100;
/// What Portkey falls back on where nothing is said: whatever is no success.
const std::vector<std::string> anyFailure {"4xx", "5xx", "connect", "timeout", "malformed", "429", "auth", "quota", "not_found", "context_window", "cut"};

struct Reason
{
    std::string_view key;
    std::string_view words;
};

/// Of an object at any depth.
constexpr std::array reasons {
    Reason {"cache", "the cache is switched on by route here: give routes `cache: { mode: exact }`"},
    Reason {"input_guardrails", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"output_guardrails", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"before_request_hooks", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"after_request_hooks", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"default_input_guardrails", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"default_output_guardrails", "guardrails are other ones here: set them in a policy, under privacy.policies"},
    Reason {"forward_headers", "callers' headers are passed on by a fixed rule"},
    Reason {"strict_open_ai_compliance", "answers are always in the caller's format"},
};

/// What an object gives to the targets below it, where they say nothing.
struct Inherited
{
    std::optional<Retry> retry {};
    std::optional<Millis> timeout {};
    std::vector<std::pair<std::string, const Node *>> overrides {};
};

class PortkeyReader
{
public:
    explicit PortkeyReader(const ImportOptions &options) : m_options(options) {}

    Imported read(const Node &root)
    {
        Route route;
        route.name = m_options.route;
        m_route = &route;
        route.plan = object(root, {}).value_or(PlanNode {.node = FallbackNode {}});
        if (m_star)
            route.name += "/*";
        m_result.text.config.providers = m_pool.take();
        m_result.text.config.routes.push_back(std::move(route));
        m_result.notes = m_account.notes(root);
        return std::move(m_result);
    }

private:
    /// An object with a strategy over targets, or a target itself; nullopt: nothing of it could be taken.
    std::optional<PlanNode> object(const Node &node, Inherited inherited) // NOLINT(misc-no-recursion): the text nests 64 deep at most
    {
        for (const Reason &reason : reasons) {
            if (const Node *value = node.find(reason.key))
                m_account.left(*value, std::string(reason.words));
        }
        inherit(node, inherited);
        const Node *targets = node.find("targets");
        if (targets == nullptr)
            return target(node, inherited);
        if (targets->kind != Node::Kind::Sequence || targets->items.empty()) {
            m_account.left(*targets, "a list of targets is expected here");
            return std::nullopt;
        }
        const Node *strategy = node.find("strategy");
        const Node *mode = strategy ? strategy->find("mode") : nullptr;
        const std::string word = mode ? mode->text : "single";
        if (word == "loadbalance")
            return split(*targets, mode, inherited);
        if (word == "fallback")
            return fallback(*targets, *strategy, mode, inherited);
        if (word == "conditional")
            return conditional(*targets, *strategy, mode, inherited);
        if (word == "single")
            return single(*targets, mode, inherited);
        m_account.left(*mode, "single, loadbalance, fallback and conditional are known");
        return std::nullopt;
    }

    void inherit(const Node &node, Inherited &inherited)
    {
        if (const Node *timeout = node.find("request_timeout")) {
            if (const auto millis = m_account.whole(*timeout)) {
                inherited.timeout = Millis(std::min<std::int64_t>(*millis, Millis(std::chrono::hours {24}).count()));
                m_account.taken(*timeout, "timeouts.total of each target below");
            }
        }
        if (const Node *retry = node.find("retry"))
            inherited.retry = readRetry(*retry);
        if (const Node *params = node.find("override_params"); params && params->kind == Node::Kind::Map) {
            for (const Entry &entry : params->entries) {
                std::erase_if(inherited.overrides, [&](const auto &former) { return former.first == entry.key; });
                inherited.overrides.emplace_back(entry.key, &entry.value);
            }
        }
    }

    Retry readRetry(const Node &node)
    {
        Retry retry;
        retry.on.items = {"429", "500", "502", "503", "504"}; // Portkey's own
        retry.attempts = 1;
        if (const Node *attempts = node.find("attempts")) {
            if (const auto count = m_account.whole(*attempts, 0)) {
                retry.attempts = static_cast<int>(std::min<std::int64_t>(*count + 1, 10));
                m_account.taken(*attempts, "retry.attempts, which counts the first try too");
            }
        }
        if (const Node *codes = node.find("on_status_codes")) {
            if (auto items = readCodes(*codes)) {
                retry.on.items = std::move(*items);
                m_account.taken(*codes, "retry.on");
            }
        }
        if (const Node *header = node.find("use_retry_after_header"))
            m_account.left(*header, "a Retry-After is always kept to");
        return retry;
    }

    std::optional<std::vector<std::string>> readCodes(const Node &node)
    {
        auto codes = m_account.texts(node);
        if (!codes)
            return std::nullopt;
        for (const std::string &code : *codes) {
            if (failureItemProblem(code)) {
                m_account.left(node, fmt::format("{} is no status code of a failure", jsonQuoted(truncatedUtf8(code, longestShown))));
                return std::nullopt;
            }
        }
        return codes;
    }

    std::optional<PlanNode> single(const Node &targets, const Node *mode, const Inherited &inherited)
    {
        if (mode)
            m_account.taken(*mode, "its first target");
        for (std::size_t i = 1; i < targets.items.size(); ++i)
            m_account.left(targets.items[i], "of a single strategy only the first target is ever asked");
        return object(targets.items.front(), inherited);
    }

    std::optional<PlanNode> split(const Node &targets, const Node *mode, const Inherited &inherited)
    {
        constexpr double scale = 1000; // Portkey's weights are shares
        SplitNode split;
        int common = 0;
        for (const Node &each : targets.items) {
            const Node *weight = each.find("weight");
            const auto share = weight ? m_account.number(*weight) : std::optional(1.0);
            if (share && *share * scale < 0.5)
                m_account.left(each, "its weight is nothing: it is never drawn");
            if (!share || *share * scale < 0.5)
                continue;
            auto to = object(each, inherited);
            if (!to)
                continue;
            const int heavy = static_cast<int>(std::min(std::round(*share * scale), 1'000'000.0));
            common = std::gcd(common, heavy);
            split.branches.push_back({.weight = heavy, .to = std::move(*to)});
            if (weight)
                m_account.taken(*weight, "weight of the branch, as a whole number");
        }
        for (SplitBranch &branch : split.branches)
            branch.weight /= std::max(common, 1);
        if (split.branches.empty())
            return std::nullopt;
        m_account.taken(*mode, "a split");
        return PlanNode {.node = std::move(split)};
    }

    std::optional<PlanNode> fallback(const Node &targets, const Node &strategy, const Node *mode, const Inherited &inherited)
    {
        const Node *codes = strategy.find("on_status_codes");
        auto items = codes ? readCodes(*codes) : std::optional(anyFailure);
        if (items && m_fallbackOn && *items != m_route->fallbackOn.items && codes)
            m_account.left(*codes, "a route has one list of failures; that of the strategy above is taken");
        else if (items && !m_fallbackOn)
            m_route->fallbackOn.items = std::move(*items);
        if (codes && !m_account.has(*codes))
            m_account.taken(*codes, "fallback_on of the route");
        m_fallbackOn = true;
        FallbackNode chain;
        for (const Node &each : targets.items) {
            if (auto to = object(each, inherited))
                chain.children.push_back(std::move(*to));
        }
        if (chain.children.empty())
            return std::nullopt;
        m_account.taken(*mode, "a fallback chain");
        return PlanNode {.node = std::move(chain)};
    }

    std::optional<PlanNode> conditional(const Node &targets, const Node &strategy, const Node *mode, const Inherited &inherited)
    {
        WhenNode when;
        if (const Node *conditions = strategy.find("conditions")) {
            for (const Node &each : conditions->items)
                addBranch(when, each, targets, inherited);
        }
        if (const Node *rest = strategy.find("default")) {
            if (auto to = named(targets, *rest, inherited))
                when.otherwise = std::move(*to);
        }
        for (const Node &each : targets.items) {
            if (!m_named.contains(&each))
                m_account.left(each, "no condition leads to it");
        }
        if (when.branches.empty())
            return std::nullopt;
        m_account.taken(*mode, "a `when`");
        return PlanNode {.node = std::move(when)};
    }

    void addBranch(WhenNode &when, const Node &said, const Node &targets, const Inherited &inherited)
    {
        const Node *query = said.find("query");
        const Node *then = said.find("then");
        if (query == nullptr || then == nullptr)
            return m_account.left(said, "a condition has `query` and `then`");
        const auto condition = readQuery(*query);
        auto to = named(targets, *then, inherited);
        if (condition && to)
            when.branches.push_back({.condition = *condition, .then = std::move(*to)});
    }

    std::optional<PlanNode> named(const Node &targets, const Node &name, const Inherited &inherited)
    {
        for (const Node &each : targets.items) {
            const Node *own = each.find("name");
            if (own == nullptr || own->text != name.text)
                continue;
            m_named.insert(&each);
            m_account.taken(*own, "where a condition leads");
            m_account.taken(name, "the target of that name");
            return object(each, inherited);
        }
        m_account.left(name, "no target has that name");
        return std::nullopt;
    }

    /// "params" is what is called "body" here.
    static Node renamed(const Node &query) // NOLINT(misc-no-recursion): the text nests 64 deep at most
    {
        Node copy = query;
        for (Node &item : copy.items)
            item = renamed(item);
        for (Entry &entry : copy.entries) {
            if (entry.key.starts_with("params."))
                entry.key.replace(0, std::string_view("params").size(), "body");
            entry.value = renamed(entry.value);
        }
        return copy;
    }

    std::optional<Condition> readQuery(const Node &query)
    {
        auto condition = readCondition(jsonText(renamed(query)));
        if (!condition) {
            m_account.left(query, condition.error().front().message);
            return std::nullopt;
        }
        m_account.taken(query, "`if`");
        return *condition;
    }

    // --- targets

    std::optional<PlanNode> target(const Node &node, const Inherited &inherited)
    {
        TargetNode made;
        made.timeouts.total = inherited.timeout;
        made.retry = inherited.retry;
        readOverrides(inherited, made);
        if (!readProvider(node, made))
            return std::nullopt;
        return PlanNode {.node = std::move(made)};
    }

    void readOverrides(const Inherited &inherited, TargetNode &made)
    {
        Node overrides = Node::map();
        for (const auto &[key, value] : inherited.overrides) {
            if (key == "model" && value->kind == Node::Kind::Scalar) {
                made.model = value->text;
                m_account.taken(*value, "model of the target");
            } else {
                overrides.add(key, *value);
                m_account.taken(*value, "override of the target");
            }
        }
        if (!overrides.entries.empty())
            made.override_.text = jsonText(overrides);
    }

    bool readProvider(const Node &node, TargetNode &made)
    {
        const Node *kind = node.find("provider");
        const Node *key = node.find("virtual_key");
        const std::string slug = kind && kind->text.starts_with('@') ? kind->text.substr(1) : key ? key->text : std::string();
        const std::string_view known = kind ? kindOf(kind->text) : std::string_view();
        if (made.model.empty()) {
            made.model = "*";
            m_star = true;
        }
        if (known.empty() && !slug.empty()) { // it is Portkey that knows what is behind that
            const Node &said = kind && kind->text.starts_with('@') ? *kind : *key;
            made.provider = asName(slug, "provider");
            m_account.changed(said, fmt::format("provider {}, which must be there: add it under that name", made.provider));
            return true;
        }
        if (known.empty()) {
            m_account.left(kind ? *kind : node, kind ? fmt::format("Signalbox has no provider kind for {}", jsonQuoted(truncatedUtf8(kind->text, longestShown))) : "it names no provider");
            return false;
        }
        Provider provider;
        provider.kind = known;
        Credential credential;
        readAccess(node, provider, credential, made);
        if (key)
            m_account.changed(*key, "its secret is in Portkey's vault: enter it at the provider of that name");
        const auto place = m_pool.place(std::move(provider), std::move(credential), slug.empty() ? std::string(known) : slug);
        Provider &placed = m_pool.at(place.provider);
        if (!m_deployment.empty() && made.model != "*")
            placed.deployments[made.model] = m_deployment;
        made.provider = placed.name;
        m_account.taken(*kind, fmt::format("provider {}", placed.name));
        return true;
    }

    void readAccess(const Node &node, Provider &provider, Credential &credential, TargetNode &made)
    {
        const auto secret = [&](const char *name, Secret &to) {
            const Node *value = node.find(name);
            if (value == nullptr || !m_account.text(*value))
                return;
            to.value = value->text;
            m_account.taken(*value, "the provider's credential");
        };
        const auto text = [&](const char *name, std::string &to, const char *words) {
            const Node *value = node.find(name);
            if (value == nullptr || !m_account.text(*value))
                return;
            to = value->text;
            m_account.taken(*value, words);
        };
        secret("api_key", credential.apiKey);
        text("custom_host", provider.baseUrl, "base_url of the provider");
        if (provider.kind == "openai" && !provider.baseUrl.empty() && provider.baseUrl.find("api.openai.com") == std::string::npos)
            provider.kind = "openai-compatible";
        m_deployment.clear();
        if (provider.kind == "azure") {
            std::string resource;
            text("azure_resource_name", resource, "base_url of the provider");
            if (!resource.empty() && provider.baseUrl.empty())
                provider.baseUrl = fmt::format("https://{}.openai.azure.com", resource);
            text("azure_api_version", provider.apiVersion, "api_version of the provider");
            text("azure_deployment_id", m_deployment, "the model's deployment");
            text("azure_model_name", made.model, "model of the target");
        } else if (provider.kind == "bedrock") {
            text("aws_region", provider.region, "region of the provider");
            secret("aws_access_key_id", credential.accessKeyId);
            secret("aws_secret_access_key", credential.secretAccessKey);
            secret("aws_session_token", credential.sessionToken);
        } else if (provider.kind == "vertex") {
            text("vertex_project_id", provider.project, "project of the provider");
            text("vertex_region", provider.location, "location of the provider");
        } else if (provider.kind == "openai") {
            text("openai_organization", provider.headers["OpenAI-Organization"], "header OpenAI-Organization");
            text("openai_project", provider.headers["OpenAI-Project"], "header OpenAI-Project");
            std::erase_if(provider.headers, [](const auto &header) { return header.second.empty(); });
        }
    }

    const ImportOptions &m_options;
    Account m_account;
    ProviderPool m_pool;
    Imported m_result;
    Route *m_route = nullptr;
    std::string m_deployment;        ///< of the target that is read
    std::set<const Node *> m_named;  ///< targets that a condition leads to
    bool m_fallbackOn = false;
    bool m_star = false;             ///< some target asks for the model that the caller names
};

} // namespace

std::expected<Imported, Problems> importPortkey(std::string_view text, const ImportOptions &options)
{
    const auto root = parseYaml(text, options.file);
    if (!root)
        return std::unexpected(Problems {root.error()});
    const auto has = [&](const char *key) { return root->find(key) != nullptr; };
    if (root->kind != Node::Kind::Map || (!has("strategy") && !has("targets") && !has("provider") && !has("virtual_key")))
        return std::unexpected(Problems {{.file = options.file, .line = root->line, .column = root->column,
                                          .message = "is no config object of Portkey: it has none of `strategy`, `targets`, `provider` and `virtual_key`"}});
    Imported imported = PortkeyReader(options).read(*root);
    const FallbackNode *chain = std::get_if<FallbackNode>(&imported.text.config.routes.front().plan.node);
    if (chain && chain->children.empty()) {
        Problems problems {{.file = options.file, .line = root->line, .column = root->column, .message = "nothing of it could be taken:"}};
        for (const ImportNote &note : imported.notes)
            problems.push_back({.file = options.file, .line = note.line, .column = note.column, .field = note.key, .message = fmt::format("{}: {}", note.key, note.words)});
        return std::unexpected(std::move(problems));
    }
    return imported;
}

} // namespace gateway::config::imports
