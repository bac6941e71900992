// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/phone_regions.h"
#include "gateway/privacy/scanner.h"
#include "tests/gateway/privacy/policies.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <limits>
#include <set>

using namespace gateway::privacy;

namespace {

/// "email=anna@example.com;phone=+49 30 1234567": what is found in a text, in its order.
QString foundIn(Scanner &scanner, const std::string &text)
{
    std::string out;
    for (const Hit &hit : scanner.scan(text))
        out += (out.empty() ? "" : ";") + scanner.policy()->rules()[hit.rule].name + "=" + std::string(hit.in(text));
    return QString::fromStdString(out);
}

} // namespace

/// Each detector on forms that people write, and on what comes near them and is none.
class tst_Detectors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsForms_data();
    void findsForms();
    void tableIsConsistent();
    void phoneTableIsConsistent();
    void regionsNarrowPhones();
    void longerWinsOverlaps();
    void hostileTextsTakeLinearTime_data();
    void hostileTextsTakeLinearTime();
};

void tst_Detectors::findsForms_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    const auto row = [](const char *name, const char *text, const char *found) { QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(found); };

    row("e-mail in brackets", "write to <anna@example.com>.", "email=anna@example.com");
    row("e-mail that ends a sentence", "It is anna@example.co.uk. Bye", "email=anna@example.co.uk");
    row("e-mail with umlauts", "an j\u00fcrgen@m\u00fcller.de bitte", "email=j\u00fcrgen@m\u00fcller.de");
    row("e-mail behind a JSON line end", R"({"text": "hello\nanna@example.com"})", "email=anna@example.com");
    row("e-mail in JSON escapes", R"(anna\u0040example.com)", R"(email=anna\u0040example.com)");
    row("e-mail in a URL", "https://x.org/?to=anna%40example.com&x=1", "email=anna%40example.com");
    row("e-mail full width", "\uff41nna\uff20example.com", "email=\uff41nna\uff20example.com");
    row("no e-mail: a handle", "ask @anna or a@b about it", "");
    row("no e-mail: a picture", "icon@2x.png", "");
    row("no e-mail: a repository", "git clone git@github.com:qt/qtbase.git", "");
    row("no e-mail: a login", "ssh://anna@host.example.com/x", "");

    row("card", "4111 1111 1111 1111", "credit_card=4111 1111 1111 1111");
    row("card with hard spaces", "pay 4111\u00a01111\u00a01111\u00a01111 now", "credit_card=4111\u00a01111\u00a01111\u00a01111");
    row("card with dashes of typography", "card 4111\u20131111\u20131111\u20131111", "credit_card=4111\u20131111\u20131111\u20131111");
    row("card with other digits", "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
        "credit_card=\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661");
    row("card: American Express", "378282246310005 or 3782 822463 10005", "credit_card=378282246310005;credit_card=3782 822463 10005");
    row("card with its date", "card 4111111111111111, 12/27", "credit_card=4111111111111111");
    row("no card: Luhn", "4111 1111 1111 1112", "");
    row("no card: no issuer", "9111 1111 1111 1111", "");
    row("no card: part of a longer number", "1234-4111-1111-1111-1111", "");

    row("IBAN", "DE89370400440532013000", "iban=DE89370400440532013000");
    row("IBAN in fours", "IBAN: DE89 3704 0044 0532 0130 00.", "iban=DE89 3704 0044 0532 0130 00");
    row("IBAN in small letters", "gb82 west 1234 5698 7654 32", "iban=gb82 west 1234 5698 7654 32");
    row("no IBAN: mod 97", "DE88370400440532013000", "");
    row("no IBAN: length", "DE8937040044053201300", "");

    row("SSN", "ssn 536-90-4399", "us_ssn=536-90-4399");
    row("SSN without dashes", "my social security number is 536904399", "us_ssn=536904399");
    row("no SSN: area", "666-90-4399", "");
    row("no SSN: part of an invoice", "INV-536-90-4399", "");
    row("ITIN", "ITIN 912-70-1234", "us_itin=912-70-1234");
    row("NINO", "AB123456C", "uk_nino=AB123456C");
    row("NINO in pairs", "nino: ab 12 34 56 c", "uk_nino=ab 12 34 56 c");
    row("no NINO: prefix", "QQ123456C", "");
    row("NHS", "NHS 943 476 5919", "uk_nhs=943 476 5919");
    row("no NHS: check", "NHS 943 476 5918", "");
    row("tax ID", "Steuer-ID 86095742719", "de_tax_id=86095742719");
    row("tax ID in groups", "86 095 742 719", "de_tax_id=86 095 742 719");
    row("NIR", "1 85 05 78 006 084 91", "fr_nir=1 85 05 78 006 084 91");
    row("NIR of Corsica", "NIR 1 85 05 2A 006 084 35", "fr_nir=1 85 05 2A 006 084 35");
    row("DNI", "DNI 12345678Z", "es_dni=12345678Z");
    row("DNI with dots", "12.345.678-Z", "es_dni=12.345.678-Z");
    row("no DNI: letter", "12345678A", "");
    row("NIE", "X1234567L and y-1234567-x", "es_nie=X1234567L;es_nie=y-1234567-x");
    row("codice fiscale", "RSSMRA85T10A562S", "it_codice_fiscale=RSSMRA85T10A562S");
    row("codice fiscale in groups", "RSS MRA 85T10 A562S", "it_codice_fiscale=RSS MRA 85T10 A562S");
    row("Aadhaar", "2341 2341 2346", "in_aadhaar=2341 2341 2346");
    row("PAN", "PAN ABCPD1234E", "in_pan=ABCPD1234E");
    row("CPF", "529.982.247-25", "br_cpf=529.982.247-25");
    row("no CPF", "529.982.247-26", "");
    row("CNPJ", "11.222.333/0001-81", "br_cnpj=11.222.333/0001-81");

    row("phone", "+49 (0)30 1234567, +1 (212) 555-0187", "phone=+49 (0)30 1234567;phone=+1 (212) 555-0187");
    row("phone within a country", "ruf mich an: 0171/2345678", "phone=0171/2345678");
    row("phone of France", "06.12.34.56.78", "phone=06.12.34.56.78");
    row("phone with an extension", "(415) 555-2671 ext. 12", "phone=(415) 555-2671 ext. 12");
    row("no phone: no such code", "+999 123 4567890", "");
    row("no phone: area code", "(155) 123-4567", "");

    row("passport", "passport number C01X00T47", "passport=C01X00T47");
    row("no passport without a word", "the part C01X00T47 fits", "");
    row("driving licence", "driving licence MORGA657054SM9IJ", "driving_licence=MORGA657054SM9IJ");
    row("IP", "from 192.168.10.4:8080 and 2001:db8::8a2e:370:7334", "ip_address=192.168.10.4;ip_address=2001:db8::8a2e:370:7334");
    row("no IP: a version", "version 1.2.3.4, v10.0.0.1 and 1.2.3.4.5", "");
    row("no IP: code", "std::array<int> a[::2] at 12:30:45", "");
    row("MAC", "00:1A:2b:3c:4D:5e or 00-1A-2B-3C-4D-5E or 001a.2b3c.4d5e", "mac_address=00:1A:2b:3c:4D:5e;mac_address=00-1A-2B-3C-4D-5E;mac_address=001a.2b3c.4d5e");
    row("URL with password", "see postgres://app:s3cret@db.example.com:5432/x.", "url_credentials=postgres://app:s3cret@db.example.com:5432/x");
    row("no URL with password", "see https://example.com:8443/a@b", "");
    row("date of birth", "geboren am 12. M\u00e4rz 1985 in Bonn", "date_of_birth=12. M\u00e4rz 1985");
    row("date of birth in JSON", R"({"dateOfBirth": "1985-03-12"})", "date_of_birth=1985-03-12");
    row("no date of birth: a date", "the meeting is on 12.03.2024", "");
    row("street", "I live at 221B Baker Street.", "street_address=221B Baker Street");
    row("street and town", "Berliner Stra\u00dfe 12a, 10115 Berlin", "street_address=Berliner Stra\u00dfe 12a, 10115 Berlin");
    row("rue", "j'habite 12 bis, rue de la Paix", "street_address=12 bis, rue de la Paix");
    row("calle", "vivo en Calle de Alcal\u00e1 45", "street_address=Calle de Alcal\u00e1 45");
    row("sort code", "sort code 12-34-56, account number 12345678", "bank_account=12-34-56;bank_account=12345678");
    row("wallets", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "crypto_wallet=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa;crypto_wallet=0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    row("no wallet: checksum", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "");
    row("API key", "export OPENAI_API_KEY=sk-proj-aB3dE5fG7hI9jK1lM3nO5pQ7", "api_key=sk-proj-aB3dE5fG7hI9jK1lM3nO5pQ7");
    row("no API key: an example", "sk-your-key-goes-right-here or sk-xxxxxxxxxxxxxxxxxxxxxxxx", "");
    row("no API key: a digest", "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709", "");
    row("web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "api_key=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P");
    row("private key in JSON", R"("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n")", R"(private_key=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----)");
    row("private key cut off", "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nMIIEvQIB", "private_key=-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nMIIEvQIB");
    row("no private key: a public one", "-----BEGIN PUBLIC KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PUBLIC KEY-----", "");
}

void tst_Detectors::findsForms()
{
    QFETCH(QString, text);
    QFETCH(QString, found);
    Scanner scanner(policyWith("{detect: all}"));
    QCOMPARE(foundIn(scanner, text.toStdString()), found);
}

void tst_Detectors::tableIsConsistent()
{
    std::set<std::string_view> names, labels;
    for (const Detector *detector : detectors()) {
        QVERIFY(names.insert(detector->name).second && labels.insert(detector->label).second);
        QVERIFY(detector->find != nullptr && detector->wake != 0 && !detector->title.empty());
        QCOMPARE(labelOf(detector->name), std::string(detector->label));
        QVERIFY(((detector->wake & OnNumber) != 0) == (detector->numbers.most > 0));
        QVERIFY(detector->numbers.least <= detector->numbers.most && detector->numbers.most <= mostDigits && detector->numbers.mostGroups <= mostGroups);
        QCOMPARE(findDetector(detector->name), detector);
    }
    QCOMPARE(findDetector("e-mail"), nullptr);
}

void tst_Detectors::phoneTableIsConsistent()
{
    std::set<std::string_view> regions;
    for (const PhoneRegion &region : phoneRegions()) {
        QVERIFY2(regions.insert(region.region).second && region.region.size() == 2, std::string(region.region).c_str());
        QVERIFY(!region.callingCode.empty() && region.callingCode.size() <= 3 && region.callingCode[0] != '0');
        QVERIFY(region.least >= 4 && region.least <= region.most && region.most + region.callingCode.size() <= 15);
        QVERIFY(!region.beginnings.empty() && !region.beginnings[0].empty());
    }
    QVERIFY(regions.size() > 100);
    QVERIFY(findPhoneRegion("DE")->takes("301234567") && !findPhoneRegion("DE")->takes("0301234567") && !findPhoneRegion("DE")->takes("30"));
    QVERIFY(isInternationalNumber("493012345678") && isInternationalNumber("4903012345678") && !isInternationalNumber("9991234567"));
}

void tst_Detectors::regionsNarrowPhones()
{
    Scanner german(policyWith("{detect: phone, regions: [DE]}"));
    QCOMPARE(foundIn(german, "a 03012345678 b 212-555-0187 c +1 212 555 0187"), QStringLiteral("phone=03012345678;phone=+1 212 555 0187"));
    Scanner spanish(policyWith("{detect: phone, regions: [ES]}"));
    QCOMPARE(foundIn(spanish, "a 612345678 b 03012345678"), QStringLiteral("phone=612345678"));
}

void tst_Detectors::longerWinsOverlaps()
{
    std::vector<Hit> hits {{.from = 5, .to = 9, .rule = 1, .score = 0.9}, {.from = 0, .to = 6, .rule = 0, .score = 0.5}, {.from = 9, .to = 12, .rule = 2, .score = 0.6}, {.from = 9, .to = 12, .rule = 3, .score = 0.8}};
    settleOverlaps(hits);
    QCOMPARE(hits.size(), std::size_t {2});
    QCOMPARE(hits[0].rule, 0U);
    QCOMPARE(hits[1].rule, 3U);
}

void tst_Detectors::hostileTextsTakeLinearTime_data()
{
    QTest::addColumn<QByteArray>("piece");
    for (const char *piece : {"@", "a@", "a.", "1", "1 ", "1-", "12 ", "123456789 ", ":", "a:", "://", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "eyJ", "eyJ.", "DE89", "DE 89 ", "0x", "1A 1A ", "((", "\\", "\\u0040", "%40", "\xc3", "\xff",
                              "\xe2\x80\x8b", "Hauptstra\xc3\x9f" "e 1 ", "1 Rue ", "+49", "+1 (212) ", "::", "a::", "http://a:b@", "tel 030 1234567 "})
        QTest::newRow(piece) << QByteArray(piece);
}

void tst_Detectors::hostileTextsTakeLinearTime()
{
    QFETCH(QByteArray, piece);
    Scanner scanner(policyWith("{detect: all}"));
    const auto ticksFor = [&](std::size_t bytes) {
        std::string text;
        while (text.size() < bytes)
            text.append(piece.constData(), static_cast<std::size_t>(piece.size()));
        std::clock_t best = std::numeric_limits<std::clock_t>::max();
        for (int round = 0; round < 3; ++round) {
            const std::clock_t from = std::clock(); // of this process alone: others may keep the machine busy
            (void)scanner.scan(text);
            best = std::min(best, std::clock() - from);
        }
        return best;
    };
    (void)ticksFor(10'000);
    const std::clock_t small = ticksFor(10'000), large = ticksFor(100'000);
    QVERIFY2(large < small * 10 * 4 + CLOCKS_PER_SEC / 50, qPrintable(QStringLiteral("%1 and %2 ticks").arg(small).arg(large))); // quadratic would be 100 times
}

QTEST_APPLESS_MAIN(tst_Detectors)
#include "tst_detectors.moc"
