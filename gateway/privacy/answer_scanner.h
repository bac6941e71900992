// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/scrubber.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// Carries out a policy on the text of an answer that comes in pieces cut anywhere, before placeholders are restored in it: the
/// call's own values are not there yet. What is found is masked or hashed as the rule says; under Tokenize its label goes in
/// its place (`<EMAIL>`), because the caller has no map for it. Found across pieces by a window of what was last seen.
/// Where nothing has to be replaced, the text passes at once. Else its end is held back as far as something could begin
/// there: a word, a number, names in front of it; at most `longestHeld` bytes. What is longer is replaced as far as it has
/// come, and the rest of it swallowed. Not thread-safe.
class AnswerScanner
{
public:
    AnswerScanner(std::shared_ptr<const Policy> policy, const KeyHasher &hasher);

    /// Appends to `out` what may go on to the caller.
    /// @return the rule that blocks the answer, from then on nothing more comes; nullptr: none does
    const Rule *feed(std::string_view piece, std::string &out);
    /// The text ends here.
    const Rule *finish(std::string &out);

    /// How often each rule found something; of Policy::rules().
    [[nodiscard]] const std::vector<std::uint32_t> &counts() const { return m_counts; }
    [[nodiscard]] std::size_t held() const { return m_window.size() - m_passed; }

    static constexpr std::size_t longestHeld = 160, longestSeen = 128;

private:
    const Rule *work(bool ends, std::string &out);
    [[nodiscard]] std::size_t settledEnd() const;
    [[nodiscard]] bool isOpenKey(const Hit &hit) const;
    [[nodiscard]] bool belongsToEnd(std::size_t from, bool lines) const;
    void pass(std::size_t to, std::string &out);
    void replace(const Hit &hit, std::string &out);
    void startSwallowing(const Rule &rule, std::size_t from, std::size_t &settled);
    void swallow(std::string &piece);
    void forget();

    Scanner m_scanner;
    const KeyHasher &m_hasher;
    std::vector<std::uint32_t> m_counts;
    std::string m_window;          ///< the end of what was seen, and what is held back
    std::size_t m_passed = 0;      ///< of the window: gone on to the caller, or replaced
    std::size_t m_settled = 0;     ///< of the window: nothing that ends here is still to be found
    std::size_t m_counted = 0;     ///< of the window: what was found up to here has been counted
    bool m_replaces = false;       ///< a rule changes text: it has to be held back
    bool m_swallowing = false;     ///< within something that was too long for the window
    bool m_swallowsLines = false;
    std::string m_swallowed;       ///< the last bytes of it
    const Rule *m_blocked = nullptr;
};

} // namespace gateway::privacy
