// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"
#include "gateway/core/call_id.h"
#include "ui/panes/settings/audit_model.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/widgets/button.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QFile>
#include <QLineEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace gateway;
using ui::settings::AuditModel;
using ui::widgets::Button;

/// Settings over the real gateway: the log that it writes, its chain, the way back, and tokens that it knows by their secret.
class tst_SettingsEmbedded : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void followsRealChangesAndGoesBack();
    void makesATokenThatTheGatewayKnows();
    void fullTextIsMadeAndGoes();

private:
    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        return m_pane->findChild<T *>(u"settings."_s + name);
    }
    void click(const QString &name) const { part<Button>(name)->click(); }
    bool addTeam(const std::string &name)
    {
        auto next = *m_gateway->config();
        next.teams.push_back({.name = name});
        bool done = false;
        m_gateway->apply(std::move(next), m_gateway->revision().number, "team", this, [&done](const api::ApplyOutcome &outcome) { done = outcome.applied; });
        return QTest::qWaitFor([&done] { return done; });
    }
    [[nodiscard]] QString change(int row) const
    {
        const auto *model = m_pane->findChild<AuditModel *>();
        return row < model->rowCount() ? model->index(row, AuditModel::What).data().toString() + u' ' + model->index(row, AuditModel::Change).data().toString() : QString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    std::unique_ptr<ui::bridge::ViewContext> m_view;
    std::unique_ptr<ui::settings::SettingsPane> m_pane;
    std::function<void()> m_takeBack;
    ui::widgets::Theme m_theme;
};

void tst_SettingsEmbedded::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_folder->path().toStdString(), .listen = "127.0.0.1:0", .workers = 1});
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    m_gateway = std::move(*opened);
    m_view = std::make_unique<ui::bridge::ViewContext>([] { return WallTime(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())); });
    m_pane = std::make_unique<ui::settings::SettingsPane>(ui::panes::PaneContext {.gateway = m_gateway.get(), .view = m_view.get()});
    connect(m_view.get(), &ui::bridge::ViewContext::toastRequested, m_pane.get(), [this](const QString &, const std::function<void()> &undo) { m_takeBack = undo; });
    m_pane->resize(1200, 800);
    m_pane->show();
    m_pane->setActive(true);
}

void tst_SettingsEmbedded::cleanup()
{
    m_pane.reset();
    m_view.reset();
    m_gateway.reset();
}

void tst_SettingsEmbedded::followsRealChangesAndGoesBack()
{
    QVERIFY(addTeam("first"));
    m_pane->showAudit();
    QTRY_COMPARE(change(0), u"Team first added"_s);
    const auto withFirst = m_gateway->revision().number;
    QVERIFY(addTeam("second"));
    QTRY_COMPARE(change(0), u"Team second added"_s); // live
    auto *table = part<QTableView>(u"audit.table"_s);
    table->setCurrentIndex(table->model()->index(0, 0));
    auto *diff = part<ui::widgets::DiffView>(u"audit.diff"_s);
    QTRY_COMPARE(diff->changedLines(), u"+ name: second"_s);

    table->setCurrentIndex(table->model()->index(1, 0));
    click(u"audit.goBack"_s);
    QTRY_VERIFY(part<Button>(u"rollback.go"_s)->isEnabled());
    click(u"rollback.go"_s);
    QTRY_COMPARE(m_gateway->config()->teams.size(), 1U);
    QCOMPARE(m_gateway->config()->teams[0].name, std::string("first"));
    QVERIFY(m_gateway->revision().number > withFirst + 1); // a new version, no old one
    QTRY_VERIFY(m_takeBack);
    m_takeBack();
    QTRY_COMPARE(m_gateway->config()->teams.size(), 2U);
    QTRY_COMPARE(change(0), u"Team second added"_s);

    click(u"audit.check"_s);
    QTRY_VERIFY2(part<ui::widgets::StateLabel>(u"audit.chain"_s)->text().endsWith(u"entries, unbroken"_s), qPrintable(part<ui::widgets::StateLabel>(u"audit.chain"_s)->text()));
}

void tst_SettingsEmbedded::makesATokenThatTheGatewayKnows()
{
    click(u"tokens.new"_s);
    part<QLineEdit>(u"tokenForm.name"_s)->setText(u"ci"_s);
    click(u"tokenForm.submit"_s);
    QTRY_VERIFY(part<ui::widgets::SecretField>(u"tokenSecret.value"_s));
    const std::string secret = part<ui::widgets::SecretField>(u"tokenSecret.value"_s)->secret().toStdString();
    const auto config = m_gateway->config();
    QCOMPARE(config->adminTokens.size(), 1U);
    KeyHasher::Digest known {};
    QVERIFY(KeyHasher::parse(config->adminTokens[0].hash, known));
    QVERIFY(known == m_gateway->secretHash(secret));
    QVERIFY(config->adminTokens[0].secret.empty());
}

void tst_SettingsEmbedded::fullTextIsMadeAndGoes()
{
    CallRecord record;
    record.startedAt = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    record.id = CallIdMaker(11).next(record.startedAt);
    record.bodies.request = R"({"messages":[{"role":"user","content":"a striped zebra"}]})";
    m_gateway->pushRecord(record);
    QTRY_VERIFY(m_gateway->store().committed > 0);
    Result<CallPage> page;
    const auto ask = [&] {
        bool answered = false;
        m_gateway->calls({.filter = *CallFilter::parse("text:zebra")}, this, [&](Result<CallPage> found) {
            page = std::move(found);
            answered = true;
        });
        return QTest::qWaitFor([&answered] { return answered; });
    };
    QVERIFY(ask() && !page);
    QVERIFY(page.error().message.find("gateway.log.full_text") != std::string::npos);
    auto *line = part(u"fullTextIndex"_s);
    auto *words = part<ui::widgets::Label>(u"fullTextIndex.words"_s);
    QVERIFY(line->isHidden());

    auto *box = part(u"log.full_text"_s)->findChild<QCheckBox *>();
    box->click();
    QTRY_VERIFY(!line->isHidden());
    QTRY_VERIFY2(words->text().contains(u"index of 1 call"_s) && words->text().endsWith(u"up to date"_s), qPrintable(words->text()));
    QVERIFY(ask() && page);
    QCOMPARE(page->rows.size(), 1U);
    const QString file = m_folder->filePath(u"text.db"_s);
    QVERIFY(QFile::exists(file));

    box->click();
    QTRY_VERIFY(line->isHidden());
    QTRY_VERIFY(!QFile::exists(file));
    QVERIFY(ask() && !page);
}

QTEST_MAIN(tst_SettingsEmbedded)
#include "tst_settings_embedded.moc"
