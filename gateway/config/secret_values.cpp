// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/secret_values.h"

#include "gateway/config/members.h"
#include "gateway/config/service_account.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>

namespace gateway::config {

namespace {

constexpr std::size_t shortestSecret = 4;
/// Of a header that is not a secret by its name, such as an organisation's or a title.
constexpr std::size_t shortestOther = 8;

bool contains(std::string_view name, std::string_view word)
{
    for (std::size_t at = 0; at + word.size() <= name.size(); ++at) {
        if (equalsIgnoringCase(name.substr(at, word.size()), word))
            return true;
    }
    return false;
}

} // namespace

bool isSecretHeader(std::string_view name)
{
    constexpr std::array<std::string_view, 11> words {"auth", "key", "token", "secret", "cookie", "password", "passwd", "credential", "session", "signature", "jwt"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(name, word); });
}

std::vector<std::string> secretValues(const Provider &provider)
{
    std::vector<std::string> values;
    const auto take = [&](std::string_view value, std::size_t shortest) {
        if (value.size() >= shortest)
            values.emplace_back(value);
    };
    for (const Credential &credential : provider.credentials) {
        for (const CredentialMember &member : credentialMembers()) {
            if (member.isSecret())
                take(trimmed(member.of(credential)), shortestSecret);
        }
        if (const auto account = readServiceAccount(credential.serviceAccount.value))
            take(trimmed(account->privateKey), shortestSecret);
    }
    for (const auto &[name, value] : provider.headers) {
        const bool secret = isSecretHeader(name);
        take(trimmed(value), secret ? shortestSecret : shortestOther);
        if (const auto space = value.rfind(' '); secret && space != std::string::npos)
            take(std::string_view(value).substr(space + 1), shortestSecret);
    }
    std::sort(values.begin(), values.end(), [](const std::string &a, const std::string &b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

} // namespace gateway::config
