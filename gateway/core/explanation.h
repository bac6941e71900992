// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What planning saw of one call, decided, and why: for Explain, for people. Filled by routing::explain() only; the planning
/// of calls that go costs nothing for it.
struct Explanation
{
    /// A test of a condition that was asked.
    struct Test
    {
        std::string field;    ///< "complexity"
        std::string saw;      ///< "0.71"; "absent"
        std::string asked;    ///< ">= 0.6"
        bool held = false;
    };
    /// One that a node chose among.
    struct Option
    {
        std::string name;     ///< "openai gpt-4o", "route smart", "when[0].then"
        std::string figure {};///< what it was judged by: "0.41 s", "0.0021 USD", "weight 95"; empty: by nothing
        bool chosen = false;
    };
    /// What one node decided. A node of which more than one branch is asked comes once for each.
    struct Step
    {
        std::string route;    ///< whose plan the node is in; empty: the one asked for
        std::string place;    ///< "plan.when[0].then.balance"
        std::string form;     ///< "fallback", "split", "balance", "when", "limit", "route"
        std::string decided;  ///< "goes to openai gpt-4o"
        std::string why;      ///< "complexity 0.71 is >= 0.6"
        std::vector<Test> tests {};
        std::vector<Option> options {};
    };
    /// A target, in the order in which it would be asked.
    struct Candidate
    {
        std::string provider, model;
        std::string route {}, place;
        std::vector<std::string> skipped {};       ///< why it, or which of its credentials, would not be asked; empty: it would be
        bool asked = true;                         ///< some credential of it may be asked now
        std::vector<std::string> credentials {};   ///< that may be asked, heaviest first
        std::optional<Money> expectedCost {};      ///< nullopt: the price is not known
        std::optional<Duration> expectedFirstToken {}, expectedTotal {}; ///< nullopt: no figures yet
    };

    std::vector<Step> steps;
    std::vector<Candidate> candidates;   ///< at most 64
    std::optional<std::size_t> first {}; ///< into candidates: who is asked first; nullopt: nobody can be
    std::string complexity {};           ///< "0.71: code 0.25, length 0.21"
    std::string summary {};              ///< what the call's record would say
};

} // namespace gateway
