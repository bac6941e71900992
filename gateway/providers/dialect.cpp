// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/dialect.h"

#include "gateway/core/text.h"
#include "gateway/providers/message_fixes.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace gateway::providers {
namespace {

using wire::Member;

bool contains(std::span<const std::string_view> names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool startsWithOneOf(std::span<const std::string_view> prefixes, std::string_view text)
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return text.starts_with(prefix); });
}

/// "o1" means o1 and o1-2024-12-17, not o100.
bool namesModel(std::string_view prefix, std::string_view model)
{
    return model.starts_with(prefix) && (model.size() == prefix.size() || prefix.ends_with('-') || model[prefix.size()] == '-' || model[prefix.size()] == '.');
}

bool meets(const ModelRule &rule, std::string_view model)
{
    const bool named = std::any_of(rule.prefixes.begin(), rule.prefixes.end(), [&](std::string_view prefix) { return namesModel(prefix, model); });
    return named && !startsWithOneOf(rule.except, model);
}

std::optional<double> numberOf(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// Encodes one request: decides for each member what becomes of it, then for what is added.
class Encoder
{
public:
    Encoder(const ProviderKind &kind, Endpoint endpoint, const wire::RequestScan &scan, const TargetOptions &target)
        : m_kind(kind), m_endpoint(endpoint), m_scan(scan), m_target(target), m_splice(scan)
    {
    }

    Result<EncodedRequest> encode()
    {
        if (m_kind.path(m_endpoint).empty())
            return fail(ErrorCode::NotSupported, fmt::format("{} has no endpoint for {}.", m_kind.title, toText(m_endpoint)));
        const auto calls = callsFor(m_kind, isDroppedByTarget("n") || isOverridden("n") ? 1 : m_scan.n);
        if (calls && *calls > 1 && m_endpoint != Endpoint::ChatCompletions)
            return fail(ErrorCode::BadRequest, fmt::format("\"n\" is {}, but {} gives one choice a call.", m_scan.n, m_kind.title), "n");
        if (!calls)
            return std::unexpected(calls.error());
        m_several = *calls > 1;
        chooseRules();
        if (m_target.modelInBody && (m_scan.modelValue.empty() || m_scan.model != m_target.model))
            m_splice.replaceModel(m_target.model);
        for (const Member &member : m_scan.members)
            place(member);
        addOverrides();
        addDefaults();
        fixRoles();
        const bool completes = m_endpoint == Endpoint::ChatCompletions || m_endpoint == Endpoint::Completions;
        if (m_scan.stream && completes && !m_several && m_kind.dialect.streamOptions && !isDroppedByTarget("stream_options"))
            m_splice.askForUsage();
        if (m_target.unsupported == config::Unsupported::Reject && !m_refused.empty())
            return fail(ErrorCode::BadRequest, fmt::format("{} does not take \"{}\" with model \"{}\", and the route refuses what its target does not take.", m_kind.title,
                                                           m_refused, m_target.model), m_refused);
        return EncodedRequest {.body = m_splice.build(), .dropped = std::move(m_dropped), .calls = *calls};
    }

private:
    void chooseRules()
    {
        const Member *effort = m_kind.dialect.modelRules.empty() ? nullptr : m_scan.find("reasoning_effort");
        m_effortNone = effort && effort->value.in(m_scan.body) == "\"none\"";
        for (const ModelRule &rule : m_kind.dialect.modelRules) {
            if (meets(rule, m_target.model))
                m_rules.push_back(&rule);
        }
    }

    /// Takes a parameter out that the provider does not take.
    void refuse(const Member &member, std::string_view what)
    {
        m_splice.remove(member);
        if (member.null || std::find(m_dropped.begin(), m_dropped.end(), what) != m_dropped.end())
            return;
        m_dropped.emplace_back(what);
        if (m_refused.empty())
            m_refused = what;
    }

    [[nodiscard]] bool isDroppedByTarget(std::string_view name) const
    {
        return std::find(m_target.drop.begin(), m_target.drop.end(), name) != m_target.drop.end();
    }

    [[nodiscard]] bool isOverridden(std::string_view name) const
    {
        return std::any_of(m_target.override_.begin(), m_target.override_.end(), [&](const wire::JsonMember &member) { return member.name == name; });
    }

    [[nodiscard]] bool isRefused(const Member &member) const
    {
        // OpenRouter, and gateways like it, fall back on the models named there: none of them passed the key's allow-list.
        if (member.name == "models" || contains(m_kind.dialect.drops, member.name))
            return true;
        for (const ModelRule *rule : m_rules) {
            if (m_effortNone && rule->unlessEffortNone)
                continue;
            const bool temperature = rule->temperatureOne && member.name == "temperature" && numberOf(member.value.in(m_scan.body)) != 1.0;
            if (temperature || contains(rule->drops, member.name))
                return true;
        }
        return false;
    }

    [[nodiscard]] const Rename *renameOf(std::string_view name) const
    {
        const auto within = [&](std::span<const Rename> renames) -> const Rename * {
            const auto found = std::find_if(renames.begin(), renames.end(), [&](const Rename &rename) { return rename.from == name; });
            return found == renames.end() ? nullptr : &*found;
        };
        for (const ModelRule *rule : m_rules) {
            if (const Rename *rename = within(rule->renames))
                return rename;
        }
        return within(m_kind.dialect.renames);
    }

    /// What no call says where it takes several.
    static bool isOfOneCall(std::string_view name)
    {
        return name == "n" || name == "stream" || name == "stream_options";
    }

    void place(const Member &member)
    {
        const std::string_view name = member.name;
        if (name == "signalbox" || name == "fallbacks" || name == "prompt_variables")
            return m_splice.remove(member);
        if (name == "model" && !m_target.modelInBody)
            return m_splice.remove(member);
        if (m_several && isOfOneCall(name))
            return m_splice.remove(member);
        if (name == "model" || name == "stream" || name == "messages" || name == "input" || name == "prompt")
            return;
        if (isOverridden(name))
            return; // its value is set with the overrides
        if (isDroppedByTarget(name)) {
            m_splice.remove(member);
            if (!member.null)
                m_dropped.emplace_back(name);
            return;
        }
        if (name == "stream_options" && !m_kind.dialect.streamOptions)
            return m_splice.remove(member); // nothing is lost: usage comes anyway
        if (isRefused(member))
            return refuse(member, name);
        if (const Rename *rename = renameOf(name))
            return renameTo(member, *rename);
        if (!member.null)
            adaptValue(member);
    }

    void renameTo(const Member &member, const Rename &rename)
    {
        // The caller may have sent both names; the one that the provider knows holds.
        if (member.null || m_scan.find(rename.to) || isOverridden(rename.to))
            m_splice.remove(member);
        else
            m_splice.rename(member, rename.to);
    }

    void adaptValue(const Member &member)
    {
        const std::string_view value = member.value.in(m_scan.body);
        for (const Clamp &clamp : m_kind.dialect.clamps) {
            if (clamp.name != member.name)
                continue;
            if (const auto number = numberOf(value); number && (*number < clamp.low || *number > clamp.high))
                m_splice.replace(member.value, fmt::format("{}", std::clamp(*number, clamp.low, clamp.high)));
        }
        if (member.name == "tool_choice" && value == "\"required\"" && m_kind.dialect.requiredToolChoice != "required")
            m_splice.replace(member.value, jsonQuoted(m_kind.dialect.requiredToolChoice));
        if (member.name == "response_format" && !m_kind.dialect.jsonSchema && takeSchema(value)) {
            m_splice.replace(member.value, "{\"type\":\"json_object\"}");
            m_dropped.emplace_back("response_format.json_schema");
            if (m_refused.empty())
                m_refused = m_dropped.back();
        }
    }

    /// Whether the format is a schema, which is kept: it is told in the prompt then.
    bool takeSchema(std::string_view responseFormat)
    {
        using Type = wire::JsonCursor::Type;
        wire::JsonCursor cursor(responseFormat);
        bool schema = false;
        if (cursor.type() != Type::Object)
            return false;
        cursor.members([&](std::string_view key) {
            if (key == "json_schema" && cursor.type() == Type::Object)
                return cursor.members([&](std::string_view inner) { return inner == "schema" ? cursor.skip(m_schema) : cursor.skip(); });
            std::string_view value;
            const bool taken = cursor.skip(value);
            schema = schema || (key == "type" && value == "\"json_schema\"");
            return taken;
        });
        if (!schema)
            m_schema = {};
        return schema;
    }

    /// `model` and `stream` are the gateway's own business and cannot be overridden.
    static bool isSettable(std::string_view name)
    {
        return name != "model" && name != "stream" && name != "stream_options";
    }

    void addOverrides()
    {
        for (const wire::JsonMember &member : m_target.override_) {
            if (isSettable(member.name))
                m_splice.set(member.name, member.value);
        }
    }

    void addDefaults()
    {
        for (const wire::JsonMember &member : m_target.defaults) {
            if (!isSettable(member.name) || isOverridden(member.name) || isGivenAs(member.name) || (m_several && isOfOneCall(member.name)))
                continue;
            m_splice.set(member.name, member.value);
        }
    }

    /// Whether the caller gave this parameter, under this name or one that is renamed to it.
    [[nodiscard]] bool isGivenAs(std::string_view name) const
    {
        return std::any_of(m_scan.members.begin(), m_scan.members.end(), [&](const Member &member) {
            if (member.null || isDroppedByTarget(member.name) || isRefused(member))
                return false;
            const Rename *rename = renameOf(member.name);
            return member.name == name || (rename && rename->to == name);
        });
    }

    void fixRoles()
    {
        const Member *messages = m_endpoint == Endpoint::ChatCompletions ? m_scan.find("messages") : nullptr;
        if (!messages || isOverridden("messages"))
            return;
        const auto noSystem = std::find_if(m_rules.begin(), m_rules.end(), [](const ModelRule *rule) { return rule->noSystemRole; });
        MessageFixes fixes = MessageFixes::neededFor(m_kind, noSystem == m_rules.end() ? nullptr : *noSystem, m_scan.traits);
        fixes.schema = m_schema;
        fixes.openMark = m_target.openMark;
        if (!fixes.any())
            return;
        if (auto fixed = fixMessages(messages->value.in(m_scan.body), fixes)) {
            m_splice.replace(messages->value, std::move(fixed->json));
            m_dropped.insert(m_dropped.end(), fixed->dropped.begin(), fixed->dropped.end());
        }
    }

    const ProviderKind &m_kind;
    Endpoint m_endpoint;
    const wire::RequestScan &m_scan;
    const TargetOptions &m_target;
    wire::BodySplice m_splice;
    std::vector<const ModelRule *> m_rules;
    std::vector<std::string> m_dropped;
    std::string_view m_schema; ///< of an answer, where it can only be told in words
    std::string m_refused; ///< the first parameter that the provider does not take
    bool m_effortNone = false;
    bool m_several = false; ///< calls, of one choice each
};

} // namespace

Result<std::size_t> callsFor(const ProviderKind &kind, std::int64_t choices)
{
    const std::int64_t most = kind.dialect.maxChoices;
    if (choices <= most)
        return std::size_t {1};
    if (most == 1 && choices <= mostChoicesByCalls)
        return static_cast<std::size_t>(choices);
    return fail(ErrorCode::BadRequest, fmt::format("\"n\" is {}, but {} gives at most {} choices.", choices, kind.title, most == 1 ? mostChoicesByCalls : most), "n");
}

Result<EncodedRequest> encodeRequest(const ProviderKind &kind, Endpoint endpoint, const wire::RequestScan &scan, const TargetOptions &target)
{
    return Encoder(kind, endpoint, scan, target).encode();
}

} // namespace gateway::providers
