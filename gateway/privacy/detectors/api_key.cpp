// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>
#include <array>

/// Keys and tokens of services: by the prefixes that they give them and the entropy of what follows; without a prefix, by
/// entropy and a word beside them that says so.
namespace gateway::privacy {

namespace {

struct Prefix
{
    std::string_view text;
    std::uint8_t least; ///< characters behind it
};

constexpr std::array prefixes {
    Prefix {"sk-ant-", 20}, Prefix {"sk-proj-", 20}, Prefix {"sk-or-", 20}, Prefix {"sk-svcacct-", 20}, Prefix {"sk-", 20}, Prefix {"sb-", 24}, Prefix {"gsk_", 30}, Prefix {"xai-", 30},
    Prefix {"pplx-", 30}, Prefix {"hf_", 30}, Prefix {"r8_", 30}, Prefix {"AIza", 30}, Prefix {"ya29", 20},
    Prefix {"ghp_", 30}, Prefix {"gho_", 30}, Prefix {"ghu_", 30}, Prefix {"ghs_", 30}, Prefix {"ghr_", 30}, Prefix {"github_pat_", 30}, Prefix {"glpat-", 18}, Prefix {"gldt-", 18},
    Prefix {"xoxb-", 20}, Prefix {"xoxp-", 20}, Prefix {"xoxa-", 20}, Prefix {"xoxs-", 20}, Prefix {"xoxr-", 20}, Prefix {"xapp-", 20}, Prefix {"sk_live_", 16}, Prefix {"sk_test_", 16},
    Prefix {"rk_live_", 16}, Prefix {"rk_test_", 16}, Prefix {"pk_live_", 16}, Prefix {"pk_test_", 16}, Prefix {"whsec_", 20}, Prefix {"npm_", 30}, Prefix {"pypi-", 40}, Prefix {"dop_v1_", 40},
    Prefix {"doo_v1_", 40}, Prefix {"shpat_", 28}, Prefix {"shpss_", 28}, Prefix {"shpca_", 28}, Prefix {"sq0atp-", 20}, Prefix {"sq0csp-", 30},
    Prefix {"dckr_pat_", 20}, Prefix {"hvs", 20}, Prefix {"lin_api_", 30}, Prefix {"nvapi-", 30}, Prefix {"tskey-", 16}, Prefix {"figd_", 30}, Prefix {"ntn_", 30}, Prefix {"secret_", 32},
    Prefix {"rpa_", 30}, Prefix {"fw_", 20}, Prefix {"csk-", 30}, Prefix {"jina_", 30}, Prefix {"voyage-", 30}, Prefix {"tvly-", 20}, Prefix {"PMAK-", 30}, Prefix {"EAAC", 30}, Prefix {"glsa_", 30},
};

const Prefix *prefixOf(std::string_view token)
{
    for (const Prefix &prefix : prefixes) {
        if (token.starts_with(prefix.text))
            return token.size() - prefix.text.size() >= prefix.least ? &prefix : nullptr;
    }
    return nullptr;
}

bool hasDigitAndLetter(std::string_view text)
{
    return std::ranges::any_of(text, isDigit) && std::ranges::any_of(text, isLetter);
}

/// "sk-your-key-goes-right-here" and "sk-xxxxxxxxxxxxxxxx" stand for keys and are none.
bool looksRandom(std::string_view text, double least)
{
    return hasDigitAndLetter(text) && entropyOf(text.substr(0, 128)) >= least;
}

bool isHexAlone(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return isHex(c) || c == '-'; });
}

bool isTokenByte(char c)
{
    return isAlnum(c) || c == '-' || c == '_';
}

/// More of the token behind single dots, slashes, plus and equal signs, as base64 and JSON Web Tokens have.
std::size_t extended(std::string_view text, std::size_t to, std::string_view joints, std::size_t most)
{
    while (to < text.size() && most-- > 0 && (isTokenByte(text[to]) || (joints.find(text[to]) != std::string_view::npos && isTokenByte(at(text, to + 1)))))
        ++to;
    return to;
}

/// header.payload.signature of RFC 7519: the header begins with `{"` in base64.
bool isWebToken(std::string_view token)
{
    return token.starts_with("eyJ") && std::ranges::count(token, '.') == 2;
}

/// An access key's id at AWS is 20 characters of base32, which may have no digit among them.
bool isAwsId(std::string_view token)
{
    return token.size() == 20 && (token.starts_with("AKIA") || token.starts_with("ASIA") || token.starts_with("ABIA") || token.starts_with("AROA"))
        && std::ranges::all_of(token, [](char c) { return isUpper(c) || isDigit(c); });
}

/// @return 0: no key
double scoreOf(std::string_view token)
{
    if (isAwsId(token))
        return entropyOf(token) >= 2.8 ? 0.9 : 0;
    if (const Prefix *prefix = prefixOf(token))
        return looksRandom(token.substr(prefix->text.size()), 3.0) ? (prefix->text.size() > 2 ? 0.9 : 0.5) : 0;
    if (token.size() < 20 || token.size() > 200 || !looksRandom(token, 3.2))
        return 0;
    // Digests and UUIDs are random as well: those want more than a word beside them.
    return isHexAlone(token) ? 0.12 : 0.2;
}

void find(const Clue &clue, Findings &found)
{
    if (!opens(clue.text, clue.from) || isWord(at(clue.text, clue.to)) || before(clue.text, clue.from) == '/' || before(clue.text, clue.from) == '.')
        return;
    std::size_t from = clue.from;
    while (from < clue.to && !isAlnum(clue.text[from]))
        ++from;
    if (clue.what().starts_with("eyJ")) {
        const std::size_t to = extended(clue.text, clue.to, ".", 4096);
        if (isWebToken(clue.text.substr(clue.from, to - clue.from)))
            found.add(clue.from, to, 0.9);
        return;
    }
    std::size_t to = clue.to;
    if (clue.what().starts_with("hvs") || clue.what().starts_with("ya29"))
        to = extended(clue.text, to, ".", 256);
    else if (at(clue.text, to) == '/' || at(clue.text, to) == '+')
        to = extended(clue.text, to, "/+", 128);
    while (to > from && !isAlnum(clue.text[to - 1]))
        --to;
    const double score = scoreOf(clue.text.substr(from, to - from));
    const bool inPem = before(clue.text, from) == '\n' && before(clue.text, from - 1) == '-'; // the line below "-----BEGIN PUBLIC KEY-----"
    if (score > 0 && (score >= 0.5 || !inPem))
        found.add(from, to, score);
}

constexpr std::array<std::string_view, 18> context {"key", "keys", "apikey", "api", "token", "tokens", "secret*", "bearer", "authorization", "credential*", "password", "passwort", "clé", "clave", "schlüssel", "jeton", "contraseña", "auth"};

} // namespace

const Detector apiKey {.name = "api_key", .label = "API_KEY", .title = "API key or token", .wake = OnToken, .find = find, .context = context};

} // namespace gateway::privacy
