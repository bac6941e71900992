// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace gateway::state {

/// Access tokens of all workers, by what they are made of. Who finds none, or one that ends soon, is given the errand to ask
/// for another: one at a time for each key, while the others go on with the token that still holds, or wait. Does no I/O.
///
/// Thread-safe: one short mutex. Bounded: `capacity` keys, of which those without a token that holds make room first.
/// Outlives all errands.
class TokenStore
{
public:
    using Token = std::shared_ptr<const std::string>;
    using Signal = std::move_only_function<void()>;

    static constexpr std::size_t defaultCapacity = 1024;
    static constexpr Duration early = std::chrono::minutes {5}; ///< before a token's end another is asked for (wire.md section 10)
    static constexpr Duration pause = std::chrono::seconds {5}; ///< after a failure nobody asks again, and its error stands

    /// The duty to ask for a token: bring() or fail() end it. Destroyed without either (the one who asked has left), it
    /// goes to whoever comes next.
    class Errand
    {
    public:
        Errand(TokenStore &store, std::string key, Token current) : m_store(&store), m_key(std::move(key)), m_current(std::move(current)) {}
        Errand(Errand &&other) noexcept;
        Errand &operator=(Errand &&) = delete;
        ~Errand();

        /// The one that still holds, though not for long; null: there is none.
        [[nodiscard]] const Token &current() const { return m_current; }
        Token bring(std::string token, Duration lifetime, SteadyTime now) &&;
        void fail(Error error, SteadyTime now) &&;

    private:
        TokenStore *m_store; ///< null: ended, or moved from
        std::string m_key;
        Token m_current;
    };

    struct Asked {}; ///< somebody is asking: see await()
    /// What one who needs a token has; an Error is that of a failure a short while ago.
    using Found = std::variant<Token, Errand, Asked, Error>;

    explicit TokenStore(std::size_t capacity = defaultCapacity) : m_capacity(capacity) {}

    [[nodiscard]] Found take(std::string_view key, SteadyTime now);
    /// Has `signal` called, on another thread and once, when the errand under way ends: take() then tells how. False: none is
    /// under way any more, the signal was dropped.
    [[nodiscard]] bool await(std::string_view key, Signal signal);
    /// The provider refuses this token: it is given to nobody any more. One that took its place since stays.
    void forget(std::string_view key, const Token &refused);

    [[nodiscard]] std::size_t size() const;

private:
    struct Entry
    {
        Token token;              ///< null: none
        SteadyTime until {};      ///< its end
        SteadyTime refreshAt {};  ///< from here on another is wanted
        bool asked = false;       ///< an errand is under way
        std::vector<Signal> waiting {};
        std::optional<Error> error {}; ///< of the last errand, until `askAgainAt`
        SteadyTime askAgainAt {};
    };
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const { return std::hash<std::string_view> {}(key); }
    };

    Entry &entryOf(std::string_view key, SteadyTime now);
    void end(const std::string &key, const std::function<void(Entry &)> &change);

    mutable std::mutex m_mutex;
    std::size_t m_capacity;
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> m_entries; ///< guarded
};

} // namespace gateway::state
