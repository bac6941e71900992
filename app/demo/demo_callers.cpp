// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_callers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace app::demo {

namespace {

struct Habit
{
    std::string_view team;
    bool customers;           ///< its programs work for them
    double talks;             ///< share of its calls that belong to a conversation
    bool agent = false;       ///< whose runs are traced
};

constexpr std::array<Habit, 4> habits {{
    {"search", true, 0},
    {"support", true, 0.7},
    {"growth", true, 0},
    {"research", false, 0.6, true},
}};

constexpr std::array<std::string_view, 8> customers {"alder-bank", "birchwood", "cobalt-works", "dunes-travel", "elmstead", "foxglove", "granite-hotels", "hazel-and-sons"};
constexpr double ofTheHouse = 0.06; ///< share of calls that name no customer, though their team has some
constexpr double goesOn = 0.72;     ///< share of a conversation's calls that go on with one
constexpr int mostTurns = 9;
constexpr std::size_t mostOpen = 8;
constexpr std::chrono::minutes forgotten {15};

} // namespace

std::string DemoCallers::hex(int digits)
{
    std::string text;
    for (int i = 0; i < digits; ++i)
        text += "0123456789abcdef"[std::uniform_int_distribution<int>(i == 0 ? 1 : 0, 15)(m_random)];
    return text;
}

/// The first ones call most.
std::string DemoCallers::customer()
{
    if (chance(ofTheHouse))
        return {};
    std::size_t at = 0;
    while (at + 1 < customers.size() && chance(0.55))
        ++at;
    return std::string(customers[at]);
}

DemoCallers::Conversation DemoCallers::begin(std::string_view team)
{
    const auto habit = std::ranges::find(habits, team, &Habit::team);
    Conversation made;
    if (habit->customers)
        made.caller.customer = customer();
    made.caller.session = fmt::format("{}-{}", habit->agent ? "run" : "chat", hex(6));
    if (habit->agent)
        made.caller.trace = hex(32);
    return made;
}

DemoCallers::Caller DemoCallers::next(std::string_view team, gateway::WallTime at, bool talks)
{
    const auto habit = std::ranges::find(habits, team, &Habit::team);
    if (habit == habits.end())
        return {};
    if (!talks || !chance(habit->talks))
        return {.customer = habit->customers ? customer() : std::string()};
    std::vector<Conversation> &open = m_open.try_emplace(std::string(team)).first->second;
    std::erase_if(open, [at](const Conversation &each) { return at - each.last > forgotten || each.caller.turn >= mostTurns; });
    if (open.empty() || (open.size() < mostOpen && !chance(goesOn)))
        open.push_back(begin(team));
    else
        std::swap(open[std::uniform_int_distribution<std::size_t>(0, open.size() - 1)(m_random)], open.back());
    Conversation &talk = open.back();
    talk.last = at;
    Caller caller = talk.caller;
    ++talk.caller.turn;
    return caller;
}

} // namespace app::demo
