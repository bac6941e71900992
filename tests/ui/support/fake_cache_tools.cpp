// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_cache_tools.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_config.h"

#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace tests {

namespace {

constexpr const char *noLog = "The disk has no space left (calls.db, 41.2 GB).";

struct Share
{
    const char *team, *route;
    int hits, semantic, misses; ///< a minute
    std::int64_t micros;        ///< dollars saved a hit, in millionths
};

constexpr Share shares[] {{"search", "gpt-4o", 14, 0, 31, 1900}, {"support", "smart", 11, 9, 44, 2600}, {"growth", "smart", 6, 4, 37, 2400}, {"research", "gpt-4o", 5, 0, 22, 3100}, {"", "smart", 2, 1, 9, 1800}};

struct Pair
{
    const char *asked, *kept;
};

constexpr Pair pairs[] {
    {"How do I reset my password?", "How can I reset my password?"},
    {"Which plan includes single sign-on for 50 people?", "Which plan includes single sign-on for 5 people?"},
    {"Cancel my subscription at the end of the month", "Cancel my subscription by the end of this month"},
    {"What is the refund policy for annual plans?", "What is the refund policy for monthly plans?"},
    {"Summarise the release notes of version 4.2", "Summarise the release notes of version 4.1"},
    {"Where do I find my invoices?", "Where can I find my invoices?"},
    {"Is the API available in the European region?", "Is the API available in European regions?"},
};

SemanticHit hit(int number)
{
    const Pair &pair = pairs[static_cast<std::size_t>(number) % std::size(pairs)];
    SemanticHit made;
    made.row = 1000 - number;
    made.at = FakeGateway::sceneTime() - std::chrono::minutes {3 + 11 * number};
    char id[40];
    std::snprintf(id, sizeof id, "01JCSEMANTIC%014d", number);
    made.callId = id;
    std::snprintf(id, sizeof id, "01JCSOURCE00%014d", number);
    made.answerFrom = id;
    made.team = number % 3 == 0 ? "growth" : "support";
    made.route = "smart";
    made.embedder = "lexical";
    made.similarity = 0.9203 + 0.0791 * static_cast<double>((number * 37) % 100) / 100;
    made.threshold = 0.92;
    made.asked = pair.asked;
    made.kept = pair.kept;
    // What is less alike was more often wrong.
    made.verdict = number % 2 == 0 ? Verdict::Open : made.similarity < 0.94 ? Verdict::Wrong : Verdict::Right;
    return made;
}

CacheEntry entry(int number)
{
    CacheEntry made;
    char key[65];
    std::snprintf(key, sizeof key, "%064d", number + 1);
    made.key = key;
    const bool semantic = number % 3 != 0;
    made.route = semantic ? "smart" : "gpt-4o";
    made.team = number % 4 == 0 ? "search" : number % 4 == 1 ? "support" : number % 4 == 2 ? "growth" : "";
    made.provider = number % 5 == 0 ? "claude" : "openai";
    made.model = number % 5 == 0 ? "claude-sonnet-4" : "gpt-4o";
    made.endpoint = "chat";
    std::snprintf(key, sizeof key, "01JCSOURCE00%014d", number);
    made.callId = key;
    made.bytes = 1800 + static_cast<std::uint64_t>(number * 7919 % 30'000);
    made.hits = static_cast<std::uint64_t>(number * 31 % 47);
    if (number % 7 != 6)
        made.cost = Money::fromNanos(1'200'000 + number * 413'000 % 9'000'000);
    made.latencyUs = 900'000 + number * 77'000 % 2'000'000;
    made.storedAt = FakeGateway::sceneTime() - std::chrono::seconds {20 + 19 * number};
    made.expiresAt = made.storedAt + (semantic ? 1h : 10min);
    if (semantic)
        made.question = pairs[static_cast<std::size_t>(number) % std::size(pairs)].kept;
    return made;
}

std::vector<ThresholdRate> ratesOf(const std::vector<SemanticHit> &hits, const std::string &route)
{
    std::vector<ThresholdRate> rates;
    for (int hundredths = 50; hundredths <= 100; ++hundredths) {
        ThresholdRate rate {.threshold = hundredths / 100.0};
        for (const SemanticHit &one : hits) {
            if (one.verdict == Verdict::Open || one.similarity < rate.threshold || (!route.empty() && one.route != route))
                continue;
            ++rate.judged;
            rate.wrong += one.verdict == Verdict::Wrong ? 1 : 0;
        }
        rates.push_back(rate);
    }
    return rates;
}

bool fits(const AnswerFilter &filter, const CacheEntry &entry)
{
    AnswerKey key {};
    if (filter.key && (!KeyHasher::parse(entry.key, key) || key != *filter.key))
        return false;
    return (!filter.route || *filter.route == entry.route) && (!filter.model || *filter.model == entry.model) && (!filter.team || *filter.team == entry.team);
}

} // namespace

FakeCacheTools::FakeCacheTools(Mood mood) : m_mood(mood) { setMood(mood); }

void FakeCacheTools::setMood(Mood mood)
{
    m_mood = mood;
    m_entries.clear();
    m_hits.clear();
    if (mood == Mood::Empty)
        return;
    for (int i = 0; i < 40; ++i)
        m_entries.push_back(entry(i));
    for (int i = 0; i < 120; ++i)
        m_hits.push_back(hit(i));
}

void FakeCacheTools::setEntries(std::vector<CacheEntry> entries) { m_entries = std::move(entries); }

CacheState FakeCacheTools::state() const
{
    CacheState state;
    state.entries = m_entries.size();
    for (const CacheEntry &entry : m_entries)
        state.bytes += entry.bytes * 60;
    state.questions = 27;
    state.embedder = "lexical";
    state.persist = true;
    state.problem = m_problem;
    return state;
}

template <typename T>
void FakeCacheTools::answer(const char *question, QObject *context, Answer<T> done, std::function<Result<T>()> value)
{
    ++m_questions[QString::fromLatin1(question)];
    if (m_mood == Mood::Waiting)
        return;
    QTimer::singleShot(0, context, [this, done = std::move(done), value = std::move(value)] {
        if (m_mood == Mood::Failing)
            done(std::unexpected(Error {ErrorCode::Io, noLog}));
        else
            done(value());
    });
}

void FakeCacheTools::savings(TimeRange range, QObject *context, Answer<std::vector<CacheSavings>> done)
{
    answer<std::vector<CacheSavings>>("savings", context, std::move(done), [this, range]() -> Result<std::vector<CacheSavings>> {
        std::vector<CacheSavings> rows;
        const WallTime to = std::min(range.to, FakeGateway::sceneTime());
        const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(to - range.from).count();
        const std::int64_t minute = std::chrono::floor<std::chrono::minutes>(range.from.time_since_epoch()).count();
        if (m_mood == Mood::Empty || seconds <= 0)
            return rows;
        for (const Share &share : shares) {
            const std::int64_t sway = 80 + (minute * 7 + share.misses) % 41; // per cent
            const auto calls = [&](int perMinute) { return static_cast<std::uint64_t>(perMinute * seconds * sway / 6000); };
            CacheSavings row {.team = share.team, .route = share.route, .hits = calls(share.hits), .semanticHits = calls(share.semantic), .misses = calls(share.misses)};
            const auto found = static_cast<std::int64_t>(row.hits + row.semanticHits);
            row.saved = Money::fromNanos(found * share.micros * 1000);
            row.savedUs = found * 1'400'000;
            rows.push_back(row);
        }
        return rows;
    });
}

void FakeCacheTools::entries(AnswerFilter filter, std::size_t most, QObject *context, Answer<std::vector<CacheEntry>> done)
{
    answer<std::vector<CacheEntry>>("entries", context, std::move(done), [this, filter = std::move(filter), most]() -> Result<std::vector<CacheEntry>> {
        std::vector<CacheEntry> found;
        for (const CacheEntry &one : m_entries) {
            if (found.size() < most && fits(filter, one))
                found.push_back(one);
        }
        return found;
    });
}

void FakeCacheTools::purge(AnswerFilter filter, EditNote, QObject *context, Answer<std::uint64_t> done)
{
    m_purged.push_back(filter);
    answer<std::uint64_t>("purge", context, std::move(done), [this, filter = std::move(filter)]() -> Result<std::uint64_t> {
        return std::erase_if(m_entries, [&](const CacheEntry &one) { return fits(filter, one); });
    });
}

void FakeCacheTools::reviews(ReviewQuery query, QObject *context, Answer<ReviewPage> done)
{
    answer<ReviewPage>("reviews", context, std::move(done), [this, query = std::move(query)]() -> Result<ReviewPage> {
        ReviewPage page;
        for (const SemanticHit &one : m_hits) {
            if ((query.before > 0 && one.row >= query.before) || (!query.route.empty() && one.route != query.route) || (query.verdict && one.verdict != *query.verdict))
                continue;
            page.more = page.hits.size() == static_cast<std::size_t>(query.limit);
            if (page.more)
                break;
            page.hits.push_back(one);
        }
        page.rates = ratesOf(m_hits, query.route);
        return page;
    });
}

void FakeCacheTools::judge(std::int64_t row, Verdict verdict, QObject *context, Answer<SemanticHit> done)
{
    answer<SemanticHit>("judge", context, std::move(done), [this, row, verdict]() -> Result<SemanticHit> {
        const auto found = std::ranges::find(m_hits, row, &SemanticHit::row);
        if (found == m_hits.end())
            return std::unexpected(Error {ErrorCode::NotFound, "That hit is not in the list any more."});
        found->verdict = verdict;
        return *found;
    });
}

config::Config cachingConfig()
{
    config::Config config = sceneConfig();
    config.cache.semantic = config::SemanticCache {.embedWith = {.lexical = true}};
    for (config::Route &route : config.routes) {
        if (route.name == "gpt-4o")
            route.cache = config::RouteCache {};
        if (route.name == "smart")
            route.cache = config::RouteCache {.mode = config::CacheMode::Semantic, .ttl = 1h, .nameSpace = "support"};
    }
    return config;
}

} // namespace tests
