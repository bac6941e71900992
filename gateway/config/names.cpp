// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/names.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

bool isAlphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::optional<std::string> plainNameProblem(std::string_view name)
{
    constexpr std::size_t longest = 64;
    if (name.size() > longest)
        return fmt::format("the name has {} characters; at most {} are allowed", name.size(), longest);
    const auto odd = std::find_if(name.begin(), name.end(), [](char c) { return !isAlphanumeric(c) && c != '.' && c != '_' && c != '-'; });
    if (odd != name.end())
        return fmt::format("the name {} may only have letters, digits, dots, dashes and underscores", jsonQuoted(name));
    return std::nullopt;
}

std::optional<std::string> routeNameProblem(std::string_view name)
{
    constexpr std::size_t longest = 200;
    constexpr std::string_view signs = "._-/:@+";
    if (name.size() > longest)
        return fmt::format("the name has {} characters; at most {} are allowed", name.size(), longest);
    const std::string_view fixed = isWildcard(name) ? name.substr(0, name.size() - 1) : name;
    if (fixed.find('*') != std::string_view::npos)
        return fmt::format("the name {} may have one star, at its end", jsonQuoted(name));
    if (std::any_of(fixed.begin(), fixed.end(), [&](char c) { return !isAlphanumeric(c) && signs.find(c) == std::string_view::npos; }))
        return fmt::format("the name {} may only have letters, digits, and {}", jsonQuoted(name), signs);
    return std::nullopt;
}

std::optional<std::string> peoplesNameProblem(std::string_view name)
{
    constexpr std::size_t longest = 100;
    if (name.size() > longest)
        return fmt::format("the name has {} bytes; at most {} are allowed", name.size(), longest);
    if (toValidUtf8(name) != name)
        return "the name is not valid UTF-8";
    if (trimmed(name).size() != name.size())
        return fmt::format("the name {} begins or ends with white space", jsonQuoted(name));
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == ','; }))
        return fmt::format("the name {} has a comma or a control character", jsonQuoted(name));
    return std::nullopt;
}

constexpr std::array<std::string_view, 8> words {"connect", "timeout", "malformed", "auth", "quota", "not_found", "context_window", "cut"};

} // namespace

std::optional<std::string> nameProblem(NameOf what, std::string_view name)
{
    if (name.empty())
        return "a name is missing";
    switch (what) {
    case NameOf::Provider:
    case NameOf::Credential:
    case NameOf::AdminToken: return plainNameProblem(name);
    case NameOf::Route: return routeNameProblem(name);
    case NameOf::Team:
    case NameOf::Key: return peoplesNameProblem(name);
    }
    return std::nullopt;
}

bool isWildcard(std::string_view routeName)
{
    return routeName.ends_with('*');
}

std::optional<std::string> failureItemProblem(std::string_view item)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (item == "4xx" || item == "5xx" || std::find(words.begin(), words.end(), item) != words.end())
        return std::nullopt;
    if (item.size() == 3 && std::all_of(item.begin(), item.end(), isDigit) && (item[0] == '4' || item[0] == '5'))
        return std::nullopt;
    const std::string_view near = nearestName(item, words);
    return fmt::format("{} is no failure; write a status from 400 to 599, 4xx, 5xx, or one of {}{}", jsonQuoted(item), fmt::join(words, ", "),
                       near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near));
}

std::span<const std::string_view> failureWords()
{
    return words;
}

std::string_view toText(Durability durability)
{
    return durability == Durability::Strict ? "strict" : "relaxed";
}

std::string_view toText(HealthProbe probe)
{
    switch (probe) {
    case HealthProbe::Off: return "off";
    case HealthProbe::Models: return "models";
    case HealthProbe::TinyCall: return "tiny-call";
    }
    return "off";
}

std::string_view toText(Rescue rescue)
{
    return rescue == Rescue::Continue ? "continue" : "error";
}

std::string_view toText(Unsupported unsupported)
{
    return unsupported == Unsupported::Reject ? "reject" : "drop";
}

std::string_view toText(OnContentPolicy policy)
{
    return policy == OnContentPolicy::Fallback ? "fallback" : "return";
}

std::string_view toText(BalanceBy by)
{
    switch (by) {
    case BalanceBy::Latency: return "latency";
    case BalanceBy::Cost: return "cost";
    case BalanceBy::LeastBusy: return "least-busy";
    case BalanceBy::Usage: return "usage";
    case BalanceBy::Weight: return "weight";
    case BalanceBy::RoundRobin: return "round-robin";
    case BalanceBy::Hash: return "hash";
    }
    return "latency";
}

std::string_view toText(LimitEach each)
{
    switch (each) {
    case LimitEach::Route: return "route";
    case LimitEach::Key: return "key";
    case LimitEach::Team: return "team";
    case LimitEach::Customer: return "customer";
    }
    return "route";
}

std::string_view toText(Origin origin)
{
    return origin == Origin::File ? "file" : "database";
}

std::string_view toText(CredentialSource source)
{
    switch (source) {
    case CredentialSource::Given: return "given";
    case CredentialSource::Environment: return "environment";
    case CredentialSource::Metadata: return "metadata";
    }
    return "given";
}

std::string_view toText(Permission permission)
{
    switch (permission) {
    case Permission::Call: return "call";
    case Permission::Passthrough: return "passthrough";
    case Permission::ReadLog: return "read_log";
    }
    return "call";
}

std::string_view toText(AdminRole role)
{
    switch (role) {
    case AdminRole::Analyst: return "analyst";
    case AdminRole::Admin: return "admin";
    case AdminRole::Owner: return "owner";
    }
    return "analyst";
}

} // namespace gateway::config
