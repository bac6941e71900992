// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/billing/bill.h"
#include "gateway/billing/bill_parts.h"

#include <QTest>

using namespace gateway;
using namespace gateway::billing;

namespace {

/// Lines as "day model calls input output cost", with - for what is not known.
QStringList linesOf(const Bill &bill)
{
    const auto text = [](const std::optional<std::int64_t> &count) { return count ? QString::number(*count) : QStringLiteral("-"); };
    QStringList lines;
    for (const BillLine &line : bill.lines) {
        const std::chrono::year_month_day day(line.day);
        lines << QStringLiteral("%1-%2-%3 %4 %5 %6 %7 %8")
                     .arg(static_cast<int>(day.year()))
                     .arg(static_cast<unsigned>(day.month()), 2, 10, QLatin1Char('0'))
                     .arg(static_cast<unsigned>(day.day()), 2, 10, QLatin1Char('0'))
                     .arg(QString::fromStdString(line.model), text(line.figures.calls), text(line.figures.input), text(line.figures.output),
                          line.figures.cost ? QString::fromStdString(line.figures.cost->toDecimal()) : QStringLiteral("-"));
    }
    return lines;
}

QStringList texts(std::initializer_list<const char *> list)
{
    QStringList made;
    for (const char *text : list)
        made << QString::fromUtf8(text);
    return made;
}

QStringList read(std::string_view text)
{
    const auto bill = readBill(text);
    return bill ? linesOf(*bill) : QStringList {QStringLiteral("refused: ") + QString::fromStdString(bill.error().message)};
}

constexpr std::string_view openAiUsage = "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens\n"
                                         "1764460800,1764547200,2025-11-30T00:00:00+00:00,2025-12-01T00:00:00+00:00,proj_1,5,,key_1,gpt-4o-2024-08-06,,,1000,500,800\n"
                                         "1764460800,1764547200,2025-11-30T00:00:00+00:00,2025-12-01T00:00:00+00:00,proj_2,1,,key_2,gpt-4o-2024-08-06,,,10,5,0\n"
                                         "1764547200,1764633600,2025-12-01T00:00:00+00:00,2025-12-02T00:00:00+00:00,,,,,,,,,,\n";
constexpr std::string_view openAiCosts = "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_id,organization_name\n"
                                         "1764460800,1764547200,2025-11-30T00:00:00+00:00,2025-12-01T00:00:00+00:00,0.8958740000000000,usd,\"gpt-4o-2024-08-06, input\",,org-1,Personal\n"
                                         "1764460800,1764547200,2025-11-30T00:00:00+00:00,2025-12-01T00:00:00+00:00,0.1,usd,\"gpt-4o-2024-08-06, output\",,org-1,Personal\n"
                                         "1764460800,1764547200,2025-11-30T00:00:00+00:00,2025-12-01T00:00:00+00:00,7,eur,web search,,org-1,Personal\n";
constexpr std::string_view anthropicUsage = "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,"
                                            "usage_input_tokens_cache_read,usage_output_tokens,web_search_count\n"
                                            "2026-11-29,claude-haiku-4-5-20251001,k,Default,standard,\xE2\x89\xA4 200k,100,20,3,4000,50,0\n";
constexpr std::string_view anthropicCost = "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type\n"
                                           "2026-11-29,Claude Haiku 4.5,Default,k,message,\xE2\x89\xA4 200k,input_no_cache,0.05,0.05,token\n"
                                           "2026-11-29,Claude Haiku 4.5,Default,k,message,\xE2\x89\xA4 200k,output,0.0000000005,0.25,token\n";
constexpr std::string_view googleTable = "Billing account name,My account\n"
                                         "Invoice date,2026-11-30\n"
                                         "\n"
                                         "Project name,Service description,SKU description,Usage start date,Usage amount,Usage unit,Cost ($)\n"
                                         "p,Gemini API,Gemini 2.5 Flash Text Input - Predictions,2026-11-29,2.5,1000000 count,\"1,000.75\"\n"
                                         "p,Gemini API,Gemini 2.5 Flash Text Output - Predictions,2026-11-29,40,count,0.01\n"
                                         "p,Cloud Storage,Standard Storage,2026-11-29,40,gibibyte month,3\n"
                                         ",,,,,Total,1003.76\n";

} // namespace

class tst_Bill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatVendorsExport_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *name, std::string_view text, std::initializer_list<const char *> lines) { QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << texts(lines); };
        row("OpenAI usage", openAiUsage, {"2025-11-30 gpt-4o-2024-08-06 6 1010 505 -"});
        row("OpenAI costs", openAiCosts, {"2025-11-30 gpt-4o-2024-08-06 - - - 0.995874"});
        row("OpenAI usage API", R"({"object":"page","data":[{"object":"bucket","start_time":1764460800,"end_time":1764547200,"results":[{"object":"organization.usage.completions.result",)"
                                R"("input_tokens":1000,"output_tokens":500,"input_cached_tokens":800,"num_model_requests":5,"project_id":null,"model":"gpt-4o"}]}],"has_more":false,"next_page":null})",
            {"2025-11-30 gpt-4o 5 1000 500 -"});
        row("OpenAI costs API", R"({"object":"page","data":[{"object":"bucket","start_time":1764460800,"results":[{"object":"organization.costs.result","amount":{"value":0.06,"currency":"usd"},"line_item":"gpt-4o, output"}]}]})",
            {"2025-11-30 gpt-4o - - - 0.06"});
        row("Anthropic usage", anthropicUsage, {"2026-11-29 claude-haiku-4-5-20251001 - 4123 50 -"});
        row("Anthropic cost", anthropicCost, {"2026-11-29 Claude Haiku 4.5 - - - 0.05"}); // half of a nano-dollar rounds to the even one
        row("Anthropic usage API", R"({"data":[{"starting_at":"2026-11-29T00:00:00Z","ending_at":"2026-11-30T00:00:00Z","results":[{"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,)"
                                   R"("ephemeral_5m_input_tokens":500},"cache_read_input_tokens":200,"output_tokens":500,"model":"claude-sonnet-4-20250514"}]}],"has_more":false,"next_page":null})",
            {"2026-11-29 claude-sonnet-4-20250514 - 3200 500 -"});
        row("Anthropic cost API", R"({"data":[{"starting_at":"2026-11-29T00:00:00Z","results":[{"currency":"USD","amount":"123.78912","workspace_id":null,"description":"Claude Sonnet 4 Usage - Input Tokens","cost_type":"tokens",)"
                                  R"("model":"claude-sonnet-4-20250514"},{"currency":"USD","amount":"50","description":"Web Search Usage","cost_type":"web_search","model":null}]}],"has_more":false})",
            {"2026-11-29 Web Search Usage - - - 0.5", "2026-11-29 claude-sonnet-4-20250514 - - - 1.2378912"});
        row("Google's table", googleTable, {"2026-11-29 Gemini 2.5 Flash Text Input - Predictions - 2500000 - 1000.75", "2026-11-29 Gemini 2.5 Flash Text Output - Predictions - - 40 0.01"});
        row("Google's records", "{\"service\":{\"description\":\"Vertex AI\"},\"sku\":{\"description\":\"Gemini 2.5 Pro Text Output - Predictions\"},\"usage_start_time\":\"2026-11-29 05:00:00 UTC\",\"usage\":{\"amount\":7,\"unit\":\"count\"},\"cost\":1.2e-05,\"currency\":\"USD\"}\n"
                                "{\"service\":{\"description\":\"Vertex AI\"},\"sku\":{\"description\":\"Gemini 2.5 Pro Text Output - Predictions\"},\"usage_start_time\":\"2026-11-29T23:00:00Z\",\"usage\":{\"amount\":3,\"unit\":\"count\"},\"cost\":0.5,\"currency\":\"USD\"}\n",
            {"2026-11-29 Gemini 2.5 Pro Text Output - Predictions - - 10 0.500012"});
    }
    void readsWhatVendorsExport()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, lines);
        QCOMPARE(read({text.constData(), static_cast<std::size_t>(text.size())}), lines);
        // A byte-order mark and Windows' line ends change nothing.
        QByteArray windows = "\xEF\xBB\xBF" + text;
        windows.replace("\n", "\r\n");
        QCOMPARE(read({windows.constData(), static_cast<std::size_t>(windows.size())}), lines);
    }

    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArray &text, const char *words) { QTest::newRow(name) << text << QString::fromUtf8(words); };
        row("nothing", "  \n", "The file is empty.");
        row("another table", "a,b\n1,2\n", "The columns are those of no bill that is known.");
        row("another object", "{\"a\": 1}", "The JSON is no bill that is known.");
        row("cut off", "{\"object\":\"page\",\"data\":[{", "The file is no whole JSON");
        row("a number beyond all measure", "{\"object\":\"page\",\"data\":[],\"x\":1e999}", "wrong at a number that is too large");
        row("such a number in lines", "{\"object\":\"page\",\"data\":[]}\n{\"x\":1e999}\n", "wrong at line 2");
        row("a count beyond all measure", QByteArray(anthropicUsage.data(), static_cast<qsizetype>(anthropicUsage.size())).replace("4000", "9000000000000000000"), "is no whole number that can be a count.");
        row("a picture", QByteArray("\x89PNG\0\0", 6), "The file is no text.");
        row("no date", QByteArray(anthropicUsage.data(), static_cast<qsizetype>(anthropicUsage.size())).replace("2026-11-29", "29/11/2026"), "Line 2, column usage_date_utc: \"29/11/2026\" is no date, such as 2026-11-30.");
        row("no number", QByteArray(anthropicUsage.data(), static_cast<qsizetype>(anthropicUsage.size())).replace("4000", "many"), "Line 2, column usage_input_tokens_cache_read: \"many\" is no whole number that can be a count.");
        row("no amount", QByteArray(anthropicCost.data(), static_cast<qsizetype>(anthropicCost.size())).replace("0.0000000005", "free"), "Line 3, column cost_usd: \"free\" is no amount.");
        row("days without usage", "{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":1764460800,\"results\":[]}]}", "The file has no usage in it");
        row("two vendors", "[{\"object\":\"page\",\"data\":[]},{\"data\":[{\"starting_at\":\"2026-11-29T00:00:00Z\",\"results\":[]}]}]", "The file has bills of openai and of anthropic.");
    }
    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, words);
        const QStringList lines = read({text.constData(), static_cast<std::size_t>(text.size())});
        QVERIFY2(lines.value(0).contains(words), qPrintable(lines.value(0)));
    }

    void usageAndCostsMakeOneBill()
    {
        auto bill = readBill(openAiUsage);
        const auto costs = readBill(openAiCosts);
        QVERIFY(bill && costs);
        QVERIFY(merge(*bill, *costs));
        QCOMPARE(linesOf(*bill), texts({"2025-11-30 gpt-4o-2024-08-06 6 1010 505 0.995874"}));
        QVERIFY(bill->tokens && bill->costs);
        QCOMPARE(bill->notes, std::vector<std::string> {"Amounts in another currency than USD were left out."});
        const auto other = readBill(anthropicUsage);
        QVERIFY(!merge(*bill, *other));
    }

    void amountsRoundToNanoDollars_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("nanos");
        for (const auto &[text, nanos] : {std::pair("0", "0"), std::pair("1", "1000000000"), std::pair("-1.5", "-1500000000"), std::pair("$1,234.50", "1234500000000"), std::pair("1.2e-05", "12000"), std::pair("3E2", "300000000000"),
                                          std::pair("0.00000000049", "0"), std::pair("0.0000000005", "0"), std::pair("0.0000000015", "2"), std::pair("0.00000000050001", "1"), std::pair("0.34090000000000000", "340900000"),
                                          std::pair("", "none"), std::pair("1e", "none"), std::pair("1e99", "none"), std::pair("abc", "none"), std::pair("1.2.3", "none"), std::pair("99999999999999999999", "none"), std::pair("-", "none")})
            QTest::newRow(*text ? text : "empty") << QByteArray(text) << QString::fromLatin1(nanos);
    }
    void amountsRoundToNanoDollars()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, nanos);
        const auto amount = readAmount({text.constData(), static_cast<std::size_t>(text.size())});
        QCOMPARE(amount ? QString::number(amount->nanos()) : QStringLiteral("none"), nanos);
    }

    void anyBytesAreReadOrRefused()
    {
        // Each export with each of its bytes changed in turn: an answer, whatever it is.
        std::size_t refused = 0, taken = 0;
        for (const std::string_view whole : {openAiUsage, anthropicCost, googleTable}) {
            for (std::size_t i = 0; i < whole.size(); ++i) {
                std::string text(whole);
                text[i] = "\"\n,{\x80"[i % 5];
                (readBill(text) ? taken : refused) += 1;
                (readBill(whole.substr(0, i)) ? taken : refused) += 1;
            }
        }
        QVERIFY(taken > 0 && refused > 0);
    }
};

QTEST_APPLESS_MAIN(tst_Bill)
#include "tst_bill.moc"
