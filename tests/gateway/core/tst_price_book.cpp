// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/price_book.h"
#include "resources/catalogue.h"

#include <QTest>

#include <string>

using namespace gateway;
using namespace std::string_literals;

namespace {

Money usd(std::string_view text)
{
    return *Money::parse(text);
}

std::string decimal(const std::optional<Money> &money)
{
    return money ? money->toDecimal() : "unknown";
}

} // namespace

class tst_PriceBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void catalogueIsBuiltInWhole();
    void findsTheRowOf_data();
    void findsTheRowOf();
    void unknownStaysUnknown_data();
    void unknownStaysUnknown();
    void localKindsCostAKnownZero();
    void freeModelsOfAHubCostAKnownZero();
    void costsEveryKindOfTokenAtItsOwnPrice();
    void costsCachedTokensAsInputWhereNothingIsSaid();
    void costsSoundAtItsOwnPrice();
    void tierHoldsForAllTokensAboveIt();
    void impossibleUsageNeverCostsLessThanNothing();
    void configurationOverridesTheCatalogue();
    void halfAPriceStaysUnknown();
    void anthropicsOwnRatiosPriceTheCache();
    void limitsAndCapabilitiesAreKnown();
    void brokenTablesAreRefusedWithLineAndColumn_data();
    void brokenTablesAreRefusedWithLineAndColumn();
    void quotedFieldsMayHoldCommas();

private:
    PriceBook m_book;
};

void tst_PriceBook::initTestCase()
{
    auto book = PriceBook::parse(resources::priceCatalogue());
    QVERIFY2(book.has_value(), book ? "" : book.error().message.c_str());
    m_book = std::move(*book);
}

void tst_PriceBook::catalogueIsBuiltInWhole()
{
    QCOMPARE(m_book.size(), std::size_t {169});
    QVERIFY(m_book.models("anthropic").size() > 10);
    QVERIFY(m_book.models("nobody").empty());
    for (const std::string &id : m_book.models("openai"))
        QVERIFY2(!m_book.find("openai", id).source.empty() && !m_book.find("openai", id).sourceDate.empty(), id.c_str());
}

void tst_PriceBook::findsTheRowOf_data()
{
    QTest::addColumn<std::string>("kind");
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("row");
    const auto row = [](const char *kind, const char *model, const char *id) {
        QTest::addRow("%s %s", kind, model) << std::string(kind) << std::string(model) << std::string(id);
    };
    row("openai", "gpt-4o", "gpt-4o");
    row("openai", "gpt-4o-2024-08-06", "gpt-4o");
    row("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini");
    row("openai", "gpt-3.5-turbo-0125", "gpt-3.5-turbo");
    row("anthropic", "claude-sonnet-4", "claude-sonnet-4-20250514");
    row("anthropic", "claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219");
    row("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5");
    row("anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5");
    row("mistral", "mistral-large-latest", "mistral-large-latest");
    row("xai", "grok-4-0709", "grok-4");
    row("openrouter", "openai/gpt-4o", "openai/gpt-4o");
    row("openrouter", "openai/gpt-4o-mini", "gpt-4o-mini");
    row("openrouter", "anthropic/claude-opus-4.5", "claude-opus-4-5");
    row("openrouter", "google/gemini-2.5-pro", "gemini-2.5-pro");
    row("openrouter", "x-ai/grok-4", "grok-4");
    row("azure", "o3", "o3");
    row("vertex", "gemini-2.5-flash-lite", "gemini-2.5-flash-lite");
    row("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro");
    row("bedrock", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0");
    row("groq", "openai/gpt-oss-120b", "openai/gpt-oss-120b");
}

void tst_PriceBook::findsTheRowOf()
{
    QFETCH(std::string, kind);
    QFETCH(std::string, model);
    QFETCH(std::string, row);
    const ModelFacts facts = m_book.find(kind, model);
    QCOMPARE(facts.id, row);
    QVERIFY(facts.prices.has_value());
}

void tst_PriceBook::unknownStaysUnknown_data()
{
    QTest::addColumn<std::string>("kind");
    QTest::addColumn<std::string>("model");
    const auto row = [](const char *kind, const char *model) { QTest::addRow("%s %s", kind, model) << std::string(kind) << std::string(model); };
    row("openai", "gpt-99");
    row("openai", "gpt-4o-2024-05-13");                  // had a price of its own
    row("openai", "gpt-3.5-turbo-1106");
    row("openai", "ft:gpt-4o-2024-08-06:acme::abc");
    row("openai", "gpt-4o-2024-08-6");
    row("openai", "");
    row("anthropic", "claude-sonnet");
    row("anthropic", "claude-3-7-sonnet-20991231");      // another release of a model that is only listed dated
    row("openai-compatible", "gpt-4o");
    row("openai-compatible", "openai/gpt-4o");           // anybody may call a model so
    row("openrouter", "nobody/gpt-4o");
    row("nobody", "gpt-4o");
}

void tst_PriceBook::unknownStaysUnknown()
{
    QFETCH(std::string, kind);
    QFETCH(std::string, model);
    const ModelFacts facts = m_book.find(kind, model);
    QVERIFY2(facts.id.empty(), facts.id.c_str());
    QVERIFY(!facts.prices.has_value());
    QCOMPARE(decimal(cost(facts.prices, TokenUsage {.input = 10, .output = 10})), "unknown"s);
}

void tst_PriceBook::localKindsCostAKnownZero()
{
    for (const char *kind : {"ollama", "vllm", "lmstudio", "llamacpp"}) {
        const ModelFacts facts = m_book.find(kind, "llama-3-70b");
        QCOMPARE(decimal(cost(facts.prices, TokenUsage {.input = 1000, .output = 1000})), "0"s);
        QVERIFY(!facts.contextWindow.has_value());
    }
    const ModelFacts own = m_book.find("vllm", "llama-3-70b", {.input = usd("0.2"), .output = usd("0.4")});
    QCOMPARE(decimal(cost(own.prices, TokenUsage {.input = 1'000'000, .output = 1'000'000})), "0.6"s);
}

void tst_PriceBook::freeModelsOfAHubCostAKnownZero()
{
    QCOMPARE(decimal(cost(m_book.find("openrouter", "qwen/qwen3-coder:free").prices, TokenUsage {.input = 1000})), "0"s);
    QVERIFY(cost(m_book.find("openrouter", "qwen/qwen3-coder").prices, TokenUsage {.input = 1000})->nanos() > 0);
}

void tst_PriceBook::costsEveryKindOfTokenAtItsOwnPrice()
{
    const Prices prices {.input = usd("3"), .output = usd("15"), .cachedInput = usd("0.3"), .cacheWrite = usd("3.75"), .cacheWrite1h = usd("6")};
    const TokenUsage usage {.input = 10'000, .output = 2'000, .cachedInput = 4'000, .cacheWrite = 3'000, .cacheWrite1h = 1'000, .reasoning = 500};
    // 2000 * 3 + 4000 * 0.3 + 3000 * 3.75 + 1000 * 6 + 2000 * 15, a million tokens each; reasoning is within the output.
    QCOMPARE(cost(prices, usage).toDecimal(), "0.05445"s);
}

void tst_PriceBook::costsSoundAtItsOwnPrice()
{
    const std::optional<Prices> prices = m_book.find("openai", "gpt-realtime-2025-08-28").prices;
    QVERIFY(prices && prices->audioInput && prices->cachedAudio && prices->audioOutput);
    // 1,000 in: 300 of text, of which 100 cached; 700 of sound, of which 200 cached. 500 out: 100 of text, 400 of sound.
    const TokenUsage usage {.input = 1000, .output = 500, .cachedInput = 300, .audioInput = 700, .cachedAudio = 200, .audioOutput = 400};
    const Money expected = Money::fromNanos(200 * 4'000 + 100 * 400 + 500 * 32'000 + 200 * 400 + 100 * 16'000 + 400 * 64'000);
    QCOMPARE(cost(prices, usage), std::optional(expected));
    QCOMPARE(cost(prices, TokenUsage {.input = 10, .output = 10, .cachedInput = 50, .audioInput = 10, .cachedAudio = 99, .audioOutput = 99}).value_or(Money()) >= Money(), true);

    const std::optional<Prices> text = m_book.find("openai", "gpt-4o").prices;
    QCOMPARE(cost(text, TokenUsage {.input = 10, .audioInput = 5}), std::optional<Money>()); // nobody knows what sound costs there
    QCOMPARE(cost(m_book.find("vllm", "any").prices, TokenUsage {.input = 10, .audioInput = 5}), std::optional(Money()));
    const ModelOverrides own {.audioInput = Money::fromNanos(7'000'000'000), .audioOutput = Money::fromNanos(9'000'000'000)};
    QCOMPARE(cost(m_book.find("openai", "gpt-4o", own).prices, TokenUsage {.input = 10, .output = 10, .audioInput = 10, .audioOutput = 10}), std::optional(Money::fromNanos(10 * 7'000 + 10 * 9'000)));
}

void tst_PriceBook::costsCachedTokensAsInputWhereNothingIsSaid()
{
    const Prices prices {.input = usd("2"), .output = usd("8")};
    QCOMPARE(cost(prices, TokenUsage {.input = 1000, .cachedInput = 400, .cacheWrite = 300, .cacheWrite1h = 100}), usd("0.002"));
    const Prices withWrite {.input = usd("2"), .output = usd("8"), .cacheWrite = usd("4")};
    QCOMPARE(cost(withWrite, TokenUsage {.input = 1000, .cacheWrite1h = 1000}), usd("0.004"));
}

void tst_PriceBook::tierHoldsForAllTokensAboveIt()
{
    const ModelFacts facts = m_book.find("anthropic", "claude-sonnet-4-5");
    QVERIFY(facts.prices && facts.prices->tier);
    QCOMPARE(facts.prices->tier->above, std::int64_t {200'000});
    QCOMPARE(decimal(cost(facts.prices, TokenUsage {.input = 200'000, .output = 1000})), "0.615"s);   // 3 and 15
    QCOMPARE(decimal(cost(facts.prices, TokenUsage {.input = 200'001, .output = 1000})), "1.222506"s); // 6 and 22.5
    // The cache's price rises as input's does: 0.3 -> 0.6.
    QCOMPARE(decimal(cost(facts.prices, TokenUsage {.input = 300'000, .cachedInput = 300'000})), "0.18"s);
}

void tst_PriceBook::impossibleUsageNeverCostsLessThanNothing()
{
    const Prices prices {.input = usd("2"), .output = usd("8"), .cachedInput = usd("1")};
    QCOMPARE(cost(prices, TokenUsage {.input = 100, .cachedInput = 500}), usd("0.0005"));
}

void tst_PriceBook::configurationOverridesTheCatalogue()
{
    const ModelFacts facts = m_book.find("openai", "gpt-5.4", {.input = usd("1"), .cachedInput = usd("0.1"), .contextWindow = 64'000});
    QVERIFY(facts.prices.has_value());
    QCOMPARE(facts.prices->input, usd("1"));
    QCOMPARE(facts.prices->output, usd("15"));      // the catalogue's
    QCOMPARE(*facts.prices->cachedInput, usd("0.1"));
    QVERIFY(!facts.prices->tier.has_value());
    QCOMPARE(*facts.contextWindow, std::int64_t {64'000});
    QCOMPARE(*facts.maxOutput, std::int64_t {128'000});
    QVERIFY(m_book.find("openai", "gpt-5.4", {.cachedInput = usd("0.1")}).prices->tier.has_value());
}

void tst_PriceBook::halfAPriceStaysUnknown()
{
    QVERIFY(!m_book.find("openai-compatible", "mine", {.input = usd("1")}).prices.has_value());
    QVERIFY(!m_book.find("openai-compatible", "mine", {.output = usd("1")}).prices.has_value());
    QVERIFY(m_book.find("openai-compatible", "mine", {.input = usd("1"), .output = usd("0")}).prices.has_value());
    QVERIFY(!m_book.find("openai-compatible", "mine", {.cachedInput = usd("1")}).prices.has_value());
}

void tst_PriceBook::anthropicsOwnRatiosPriceTheCache()
{
    const ModelFacts facts = m_book.find("anthropic", "claude-sonnet-4-5", {.input = usd("2"), .output = usd("10")});
    QCOMPARE(*facts.prices->cachedInput, usd("0.2"));
    QCOMPARE(*facts.prices->cacheWrite, usd("2.5"));
    QCOMPARE(*facts.prices->cacheWrite1h, usd("4"));
}

void tst_PriceBook::limitsAndCapabilitiesAreKnown()
{
    const ModelFacts facts = m_book.find("openai", "gpt-4o");
    QCOMPARE(*facts.contextWindow, std::int64_t {128'000});
    QCOMPARE(*facts.maxOutput, std::int64_t {16'384});
    QCOMPARE(facts.tools, std::optional<bool>(true));
    QCOMPARE(facts.reasoning, std::optional<bool>(false));
    QCOMPARE(m_book.find("openai", "gpt-4o-audio-preview").vision, std::optional<bool> {});
    const ModelFacts embedding = m_book.find("openai", "text-embedding-3-small");
    QVERIFY(embedding.embedding);
    QCOMPARE(*embedding.embeddingDimensions, std::int64_t {1536});
}

void tst_PriceBook::brokenTablesAreRefusedWithLineAndColumn_data()
{
    QTest::addColumn<std::string>("csv");
    QTest::addColumn<std::string>("where");
    const std::string head = "provider,model_id,kind,input_usd_per_mtok,output_usd_per_mtok,context_window\n";
    QTest::newRow("empty") << ""s << "line 1"s;
    QTest::newRow("no price column") << "provider,model_id\nopenai,gpt-4o\n"s << "line 1"s;
    QTest::newRow("price is no number") << head + "openai,gpt-4o,chat,2.5,10,1\nopenai,gpt-5,chat,cheap,10,1\n" << "line 3, column input_usd_per_mtok"s;
    QTest::newRow("negative price") << head + "openai,gpt-4o,chat,2.5,-10,1\n" << "line 2, column output_usd_per_mtok"s;
    QTest::newRow("window is no number") << head + "openai,gpt-4o,chat,2.5,10,big\n" << "line 2, column context_window"s;
    QTest::newRow("no model") << head + "openai,,chat,2.5,10,1\n" << "line 2, column model_id"s;
}

void tst_PriceBook::brokenTablesAreRefusedWithLineAndColumn()
{
    QFETCH(std::string, csv);
    QFETCH(std::string, where);
    const auto book = PriceBook::parse(csv);
    QVERIFY(!book.has_value());
    QCOMPARE(book.error().code, ErrorCode::Invalid);
    QCOMPARE(book.error().where, where);
}

void tst_PriceBook::quotedFieldsMayHoldCommas()
{
    const auto book = PriceBook::parse("model_id,provider,source,output_usd_per_mtok,input_usd_per_mtok\r\n\"a,b\",x,\"says \"\"so\"\"\",2,1\r\nc,x,,,\r\n");
    QVERIFY(book.has_value());
    QCOMPARE(book->find("x", "a,b").source, "says \"so\""s);
    QCOMPARE(book->find("x", "a,b").prices->output, usd("2"));
    QVERIFY(!book->find("x", "c").prices.has_value());
    QCOMPARE(book->find("x", "c").id, "c"s);
}

QTEST_APPLESS_MAIN(tst_PriceBook)
#include "tst_price_book.moc"
