// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/field_problem.h"

#include "gateway/config/check_entries.h"
#include "gateway/config/members.h"
#include "gateway/config/service_account.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

/// A field whose value has letters, digits and few other characters.
struct Word
{
    std::string_view field;
    std::string_view what;   ///< "a region such as us-east-1"
    std::string_view others; ///< beside letters and digits
    std::string_view inWords;
    std::size_t longest;
};

constexpr std::string_view plain = "letters, digits and hyphens";
constexpr std::string_view dotted = "letters, digits, dots and hyphens";

constexpr std::array words {
    Word {"region", "an AWS region such as us-east-1", "-", plain, 63},
    Word {"location", "a Google Cloud location such as europe-west1 or global", "-", plain, 63},
    Word {"project", "a Google Cloud project's id such as my-project-123", "-", plain, 63},
    Word {"api_version", "an API version such as 2024-10-21", "-.", dotted, 64},
    Word {"tenant_id", "an Entra tenant's id or domain", "-.", dotted, 253},
    Word {"client_id", "an Entra application's id", "-", plain, 64},
};
constexpr Word accessKeyId {"access_key_id", "an access key's id, which begins with AKIA or ASIA", "", "letters and digits", 128};
constexpr Word deployment {"deployment", "a deployment's name", "-._", "letters, digits, dots, dashes and underscores", 64};

bool fits(const Word &word, std::string_view value)
{
    const auto allowed = [&](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || word.others.find(c) != std::string_view::npos;
    };
    const auto edge = [](char c) { return c != '-' && c != '.'; };
    return !value.empty() && value.size() <= word.longest && std::all_of(value.begin(), value.end(), allowed) && edge(value.front()) && edge(value.back());
}

/// A tenant of a cloud of its own: "https://login.microsoftonline.us/contoso.com".
bool isTenantAddress(std::string_view value)
{
    const std::size_t host = value.find("://");
    const std::size_t path = host == std::string_view::npos ? host : value.find('/', host + 3);
    return isHttpUrl(value) && path != std::string_view::npos && path + 1 < value.size() && value.find_first_of("?#@") == std::string_view::npos;
}

std::string wordProblem(const Word &word, std::string_view value)
{
    return fmt::format("{} is not {}: it may have {} only", jsonQuoted(truncatedUtf8(value, 100)), word.what, word.inWords);
}

} // namespace

std::optional<std::string> fieldProblem(std::string_view name, std::string_view value)
{
    if (value.empty())
        return std::nullopt;
    if (name == "base_url" && !isHttpUrl(value))
        return fmt::format("{} is not an address such as https://api.example.org/v1", jsonQuoted(value));
    if (name == "service_account") {
        const auto account = readServiceAccount(value);
        return account ? std::nullopt : std::optional(fmt::format("`service_account` {}", account.error().message));
    }
    if (name == accessKeyId.field && !fits(accessKeyId, value))
        return fmt::format("`access_key_id` is not {}: it may have {} only", accessKeyId.what, accessKeyId.inWords);
    if (name == "tenant_id" && isTenantAddress(value))
        return std::nullopt;
    const auto word = std::find_if(words.begin(), words.end(), [&](const Word &row) { return row.field == name; });
    if (word != words.end())
        return fits(*word, value) ? std::nullopt : std::optional(wordProblem(*word, value));
    const CredentialMember *member = findCredentialMember(name);
    if (member != nullptr && member->isSecret() && hasBlank(value))
        return fmt::format("`{}` has a space, line end or control character; it may have been copied with one", name);
    return std::nullopt;
}

std::optional<std::string> deploymentProblem(std::string_view model, std::string_view name)
{
    constexpr std::size_t longest = 200;
    if (model.empty() || model.size() > longest || hasBlank(model))
        return "a model's name in `deployments` is empty, over 200 bytes long, or has white space in it";
    if (!fits(deployment, name))
        return name.empty() ? fmt::format("the model {} has no deployment; write the name that it has in the Azure portal", jsonQuoted(model)) : wordProblem(deployment, name);
    return std::nullopt;
}

} // namespace gateway::config
