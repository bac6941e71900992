// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/kind_fields.h"
#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the window shows of providers: their kinds, tests and health. Plain values.
namespace gateway::api {

/// A row of the provider table, as the form in the window needs it.
struct ProviderKindInfo
{
    std::string kind;            ///< "together"
    std::string title;           ///< "Together AI"
    std::string defaultBaseUrl;  ///< empty: must be given
    bool needsKey = true;
    bool local = false;          ///< runs on the user's machine
    std::vector<std::string> keyPrefixes; ///< "sk-", to guess the kind of a pasted key; may be empty
    std::string exampleModel;
    config::KindFields fields {}; ///< what its settings are, and the ways to authenticate
};

struct ProbeStep
{
    enum class Kind : std::uint8_t { Dns, Connect, Tls, Key, Model };
    enum class State : std::uint8_t { Ok, Failed, NotTried };
    Kind kind = Kind::Dns;
    State state = State::NotTried;
    std::string headline;        ///< "Key rejected"; "api.together.xyz is 104.18.7.32 and 3 more"
    std::string detail {};       ///< "HTTP 401 invalid_api_key. ..."; no secret
    Duration took {};
};

struct ProbeReport
{
    WallTime at {};
    Duration took {};
    bool ok = false;
    std::vector<ProbeStep> steps; ///< always all five; NotTried says why in its headline
};

struct LocalProvider
{
    std::string kind;            ///< "ollama"
    std::string title;
    std::string baseUrl;
    bool answers = false;
    std::vector<std::string> models;
};

/// What the last health probe of a provider found (config.md, `health_probe`).
struct ProviderHealth
{
    std::string provider;
    std::string model {};             ///< that was asked; empty: the list of models
    WallTime at {};
    bool answers = false;             ///< if not with what was hoped for: see words
    int failuresInRow = 0;
    std::string words {};             ///< what it said where it did not do as asked; no secret
    Duration took {};
};

/// How the peers of a target do, and whether it is off them (outliers.h).
struct PeerFigures
{
    std::size_t count = 0;
    std::optional<Duration> p95;     ///< the median of theirs
    double errorRate = 0;            ///< likewise
    bool slower = false;             ///< it takes more than twice as long as they do
    bool failsMore = false;          ///< it has clearly more errors than they have
};

/// Health of one target, from memory.
struct TargetHealth
{
    enum class Circuit : std::uint8_t { Closed, Open, HalfOpen };
    std::string provider, credential, model;
    Circuit circuit = Circuit::Closed;
    std::optional<Duration> restsFor; ///< left until it is asked again
    bool keyRejected = false;
    bool rateLimited = false;
    bool quotaGone = false;
    double errorRate = 0;             ///< decayed, 0 to 1
    double callsPerSecond = 0;        ///< decayed
    std::optional<Duration> p95;      ///< recent
    std::optional<WallTime> lastUsed;
    std::optional<PeerFigures> peers {}; ///< nullopt: it has none that are asked, or is not asked itself
};

} // namespace gateway::api
