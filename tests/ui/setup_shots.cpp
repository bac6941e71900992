// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/setup_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_telemetry.h"
#include "tests/ui/support/scene_config.h"
#include "ui/panes/routes/route_canvas.h"
#include "ui/bridge/view_context.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/document_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/tab_strip.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QItemSelectionModel>
#include <QComboBox>
#include <QCoreApplication>
#include <QDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace tests {

namespace {

void press(QWidget *target, int key)
{
    QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &down);
}

void click(QWidget &window, const QString &name)
{
    if (auto *button = window.findChild<QAbstractButton *>(name))
        button->click();
}

void closeDialogs(QWidget &window)
{
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        dialog->hide(); // takes its shade off the window
        delete dialog;
    }
}

/// A kind of the adding dialog by its name in the configuration.
void chooseKind(QWidget &window, const QString &kind)
{
    auto *kinds = window.findChild<QComboBox *>(u"providers.add.kind"_s);
    if (!kinds)
        return;
    kinds->setCurrentIndex(kinds->findData(kind));
    Q_EMIT kinds->activated(kinds->currentIndex());
}

/// The routes pane: every kind of node chosen, a line being drawn, versions, a simulated call half-way and at its end.
void shootRoutes(ui::shell::MainWindow &window, const std::function<void(int)> &live, const std::function<void(const QString &)> &save)
{
    using ui::routes::Path;
    const QString pane = u"routes"_s;
    auto *canvas = window.findChild<ui::routes::RouteCanvas *>();
    window.openPane(pane, u"smart"_s);
    canvas->setFocus();
    for (const auto &[name, path] : {std::pair {u"when"_s, Path {}}, {u"limit"_s, Path {0}}, {u"split"_s, Path {1}}, {u"row"_s, Path {1, 0, 0}}}) {
        canvas->setChosen(path);
        save(name);
    }
    click(window, u"routes.simulate"_s);
    if (auto *fault = window.findChild<ui::widgets::SegmentedControl *>(u"routes.simulation.fault.together"_s))
        fault->setCurrent(3);
    save(u"walking"_s);
    live(3000);
    save(u"walked"_s);
    click(window, u"routes.simulate"_s);
    click(window, u"routes.versions.open"_s);
    live(100);
    press(window.findChild<QWidget *>(u"routes.versions.list"_s), Qt::Key_Down);
    save(u"versions"_s);
    closeDialogs(window);
    window.openPane(pane, u"canary"_s);
    canvas->setFocus();
    canvas->setChosen(Path {0});
    click(window, u"routes.add.balance"_s);
    save(u"balance"_s);
    click(window, u"routes.undo"_s);
    canvas->setChosen(Path {0});
    press(canvas, Qt::Key_C);
    press(canvas, Qt::Key_Right);
    save(u"line"_s);
    press(canvas, Qt::Key_Return);
    save(u"drawn"_s);
}

/// Where the log goes beside the window: well, and in trouble; and the forms, with what the gateway does not take.
void shootTelemetry(FakeGateway &gateway, ui::shell::MainWindow &window, const std::function<void(const QString &)> &save)
{
    using gateway::config::LogSink;
    const std::string mask = gateway::api::Gateway::maskedSecret("1234");
    gateway::config::Config config = *gateway.config();
    LogSink lake {.name = "lake", .s3 = {.bucket = "signalbox-calls", .prefix = "gateway/one", .endpoint = "http://127.0.0.1:9000"}};
    lake.s3.accessKeyId.value = lake.s3.secretAccessKey.value = mask;
    config.telemetry = {.otlp = "http://127.0.0.1:4318", .otlpHeaders = {{"authorization", mask}, {"x-team", mask}}, .content = true,
                        .sinks = {{.name = "archive", .folder = "/var/log/signalbox"}, lake, {.name = "nightly", .enabled = false, .folder = "/mnt/nightly/calls"}}};
    auto &telemetry = tests::FakeTelemetry::of(gateway);
    telemetry.setCollector({.on = true, .sent = 15'120, .waiting = 3});
    telemetry.setSinks({{.name = "archive", .sent = 15'090, .waiting = 33},
                        {.name = "lake", .sent = 14'202, .waiting = 918, .problem = "The log sink lake does not reach the bucket signalbox-calls: the storage answers 503 (SlowDown). Its calls wait in the call log."},
                        {.name = "nightly", .waiting = 15'120}});
    gateway.setConfig(config);
    window.openPane(u"settings"_s, u"telemetry"_s);
    window.findChild<QTableView *>(u"settings.sinks.table"_s)->selectRow(1);
    save(u"telemetry"_s);
    click(window, u"settings.collector.change"_s);
    if (auto *address = window.findChild<QLineEdit *>(u"settings.collectorForm.otlp"_s))
        address->setText(u"collector"_s);
    gateway.refuseNextApply({{"telemetry.otlp", "\"collector\" is not a collector's address, such as http://127.0.0.1:4318"}, {"telemetry.otlp_headers.x-team", "The stored key cannot be copied to here. Paste it again."}});
    click(window, u"settings.collectorForm.submit"_s);
    save(u"telemetry-collector"_s);
    closeDialogs(window);
    click(window, u"settings.sinks.change"_s);
    if (auto *bucket = window.findChild<QLineEdit *>(u"settings.sinkForm.s3.bucket"_s))
        bucket->setText(u"B"_s);
    gateway.refuseNextApply({{"telemetry.sinks[1].s3.bucket", "\"B\" is no bucket's name, such as signalbox-calls: 3 to 63 of a-z 0-9 . -"}});
    click(window, u"settings.sinkForm.submit"_s);
    save(u"telemetry-bucket"_s);
    closeDialogs(window);
    telemetry.setCollector({.on = true, .sent = 15'120, .waiting = 412, .lost = 2, .problem = "Sending calls to the collector at http://127.0.0.1:4318: nobody answers there (Connection refused). They wait."});
    click(window, u"settings.sinks.new"_s);
    save(u"telemetry-folder"_s);
    closeDialogs(window);
    save(u"telemetry-down"_s);
}

} // namespace

void shootTrials(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(400);
        window.grab().save(folder.filePath(u"routes-%1-%2.png"_s.arg(name, suffix)));
    };
    const auto scrollDown = [&](const QString &panel) {
        if (auto *scroll = window.findChild<QWidget *>(panel)->findChild<QScrollArea *>())
            scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
    };
    window.openPane(u"routes"_s, u"smart"_s);
    click(window, u"routes.replay.open"_s);
    click(window, u"routes.replay.start"_s);
    save(u"replay"_s);
    if (!window.findChild<QWidget *>(u"routes.replay.figures"_s)->isVisible())
        return;
    scrollDown(u"routes.replay"_s);
    save(u"replay-end"_s);
    click(window, u"routes.explain"_s);
    live(2000); // the token arrives
    save(u"explain"_s);
    scrollDown(u"routes.explanation"_s);
    save(u"explain-end"_s);
    window.findChild<QPlainTextEdit *>(u"routes.explain.body"_s)->setPlainText(u"no JSON"_s);
    save(u"explain-wrong"_s);
}

void shootClouds(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    const QString pane = u"providers"_s;
    gateway::config::Config config = *gateway.config();
    for (gateway::config::Provider &provider : sceneClouds())
        config.providers.push_back(std::move(provider));
    gateway.setConfig(std::move(config));
    for (const QString &name : {u"az"_s, u"vx"_s, u"br"_s}) {
        window.openPane(pane, name);
        live(300);
        window.grab().save(folder.filePath(u"clouds-%1-%2.png"_s.arg(name, suffix)));
    }
    const auto shoot = [&](const QString &name, const QString &button, int way, const std::function<void()> &fill = {}) {
        click(window, button);
        live(50);
        if (name != u"replace"_s)
            chooseKind(window, name.section(u'-', 0, 0));
        for (const QString &prefix : {u"providers.add"_s, u"providers.key"_s})
            if (auto *ways = window.findChild<ui::widgets::SegmentedControl *>(prefix + u".way"_s))
                ways->setCurrent(way);
        if (fill)
            fill();
        live(150);
        for (QDialog *dialog : window.findChildren<QDialog *>())
            if (dialog->isVisible())
                dialog->grab().save(folder.filePath(u"clouds-dialog-%1-%2.png"_s.arg(name, suffix)));
        closeDialogs(window);
    };
    const QString add = u"providers.addButton"_s;
    const auto give = [&](const QString &text) {
        if (auto *area = window.findChild<ui::widgets::DocumentField *>(u"providers.add.service_account"_s))
            Q_EMIT area->given(text);
    };
    shoot(u"openai"_s, add, 0);
    shoot(u"azure"_s, add, 0);
    shoot(u"azure-entra"_s, add, 1);
    shoot(u"vertex"_s, add, 0);
    shoot(u"vertex-given"_s, add, 0, [&] { give(QString::fromUtf8(serviceAccountText)); });
    shoot(u"vertex-wrong"_s, add, 0, [&] { give(u"{\"type\":\"authorized_user\"}"_s); });
    shoot(u"vertex-metadata"_s, add, 1);
    shoot(u"bedrock"_s, add, 0, [&] {
        if (auto *region = window.findChild<QLineEdit *>(u"providers.add.region"_s))
            region->setText(u"us_east"_s);
        if (auto *key = window.findChild<QLineEdit *>(u"providers.add.access_key_id"_s))
            key->setText(u"AKIAIOSFODNN7EXAMPLE"_s);
    });
    shoot(u"bedrock-environment"_s, add, 2);
    window.openPane(pane, u"br"_s);
    shoot(u"replace"_s, u"providers.credentials.add"_s, 0);
    window.openPane(u"firstrun"_s);
    for (const QString &kind : {u"anthropic"_s, u"azure"_s, u"vertex"_s, u"bedrock"_s}) {
        auto *kinds = window.findChild<QComboBox *>(u"firstrun.paste.kind"_s);
        if (!kinds)
            break;
        kinds->setCurrentIndex(kinds->findData(kind));
        Q_EMIT kinds->activated(kinds->currentIndex());
        live(300);
        window.grab().save(folder.filePath(u"clouds-firstrun-%1-%2.png"_s.arg(kind, suffix)));
    }
}

void shootSettings(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(400);
        window.grab().save(folder.filePath(u"settings-%1-%2.png"_s.arg(name, suffix)));
        for (QDialog *dialog : window.findChildren<QDialog *>())
            if (dialog->isVisible())
                dialog->grab().save(folder.filePath(u"settings-%1-dialog-%2.png"_s.arg(name, suffix)));
    };
    window.openPane(u"settings"_s, u"audit"_s);
    live(2200); // what waits says so by then
    save(u"audit"_s);
    auto *table = window.findChild<QTableView *>(u"settings.audit.table"_s);
    if (table->model()->rowCount() < 3)
        return;
    for (const int row : {1, 2, 10}) {
        table->setCurrentIndex(table->model()->index(row, 0));
        save(u"audit-row%1"_s.arg(row));
    }
    table->setCurrentIndex(table->model()->index(2, 0));
    click(window, u"settings.audit.goBack"_s);
    save(u"audit-back"_s);
    closeDialogs(window);
    gateway.setAuditCheck({.intact = false, .rows = 435, .brokenAt = 430, .words = "The chain breaks at entry 430 of 2026-11-16: it is not as it was written."});
    click(window, u"settings.audit.check"_s);
    save(u"audit-broken"_s);
    if (auto *search = window.findChild<QLineEdit *>(u"settings.audit.search"_s))
        search->setText(u"zzz"_s);
    save(u"audit-nothing"_s);
    gateway::config::Config config = *gateway.config();
    using gateway::config::AdminRole;
    config.adminTokens = {{.id = "1", .name = "ci", .role = AdminRole::Admin, .hash = "0"}, {.id = "2", .name = "reports", .role = AdminRole::Analyst, .hash = "1", .origin = gateway::config::Origin::File},
                          {.id = "3", .name = "terraform", .role = AdminRole::Owner}};
    gateway.setConfig(std::move(config));
    window.openPane(u"settings"_s, u"tokens"_s);
    live(100);
    window.findChild<QTableView *>(u"settings.tokens.table"_s)->selectRow(1);
    save(u"tokens"_s);
    click(window, u"settings.tokens.new"_s);
    save(u"token-form"_s);
    if (auto *name = window.findChild<QLineEdit *>(u"settings.tokenForm.name"_s))
        name->setText(u"backup-job"_s);
    click(window, u"settings.tokenForm.submit"_s);
    save(u"token-secret"_s);
    closeDialogs(window);
    shootTelemetry(gateway, window, save);
}

void shootSetup(const QDir &folder, ui::shell::MainWindow &window, const QString &pane, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(250);
        window.grab().save(folder.filePath(u"%1-%2-%3.png"_s.arg(pane, name, suffix)));
    };
    if (pane == u"providers") {
        window.openPane(pane, u"together"_s);
        click(window, u"providers.test"_s);
        live(400);
        save(u"tested"_s);
        click(window, u"providers.advanced.toggle"_s);
        click(window, u"providers.headers.add"_s);
        if (auto *name = window.findChild<QLineEdit *>(u"providers.headers.name.0"_s))
            name->setText(u"X-Api-Key"_s);
        window.openPane(pane, u"claude"_s);
        save(u"advanced"_s);
        auto *tabs = window.findChild<ui::widgets::TabStrip *>(u"providers.tabs"_s);
        for (int tab = 1; tabs && tab < 4; ++tab) {
            tabs->setCurrent(tab);
            save(u"tab%1"_s.arg(tab));
        }
        tabs->setCurrent(0);
        click(window, u"providers.addButton"_s);
        save(u"add"_s);
    } else if (pane == u"routes") {
        shootRoutes(window, live, save);
    } else if (pane == u"budgets") {
        for (const QString &name : {u"search"_s, u"growth"_s, u"platform-ci"_s, u"search-backend"_s}) {
            window.openPane(pane, name);
            save(name);
        }
        if (auto *detail = window.findChild<QWidget *>(u"budgets.detail"_s))
            if (auto *scroll = detail->findChild<QScrollArea *>())
                scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
        save(u"end"_s);
        click(window, u"budgets.suggestButton"_s);
        save(u"suggest"_s);
        window.openPane(pane, u"growth"_s);
        window.openPane(pane, u"search"_s);
        click(window, u"budgets.raiseUntil"_s);
        save(u"raise"_s);
    } else if (pane == u"keys") {
        if (auto *table = window.findChild<QAbstractItemView *>(u"keys.table"_s)) {
            for (const int row : {2, 3, 6})
                table->selectionModel()->select(table->model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
            save(u"chosen"_s);
            click(window, u"keys.bulk.team"_s);
            live(150);
            if (auto *dialog = window.findChild<QDialog *>(u"keys.bulkDialog"_s))
                dialog->grab().save(folder.filePath(u"keys-bulk-dialog-%1.png"_s.arg(suffix)));
            closeDialogs(window);
            click(window, u"keys.bulk.limit"_s);
            if (auto *rpm = window.findChild<QLineEdit *>(u"keys.bulkDialog.rpm"_s)) {
                rpm->setText(u"30"_s);
                Q_EMIT rpm->textEdited(u"30"_s);
            }
            live(150);
            if (auto *dialog = window.findChild<QDialog *>(u"keys.bulkDialog"_s))
                dialog->grab().save(folder.filePath(u"keys-bulkLimit-dialog-%1.png"_s.arg(suffix)));
            closeDialogs(window);
            click(window, u"keys.bulk.rotate"_s);
            live(150);
            if (auto *dialog = window.findChild<QDialog *>(u"keys.rotateDialog"_s))
                dialog->grab().save(folder.filePath(u"keys-bulkRotate-dialog-%1.png"_s.arg(suffix)));
            click(window, u"confirm.confirm"_s);
            live(300);
            if (auto *dialog = window.findChild<QDialog *>(u"keys.secrets"_s))
                dialog->grab().save(folder.filePath(u"keys-secrets-dialog-%1.png"_s.arg(suffix)));
            closeDialogs(window);
            table->clearSelection();
        }
        click(window, u"keys.new"_s);
        save(u"form"_s);
        if (auto *dialog = window.findChild<QDialog *>(u"keys.form"_s))
            dialog->grab().save(folder.filePath(u"keys-form-dialog-%1.png"_s.arg(suffix)));
        if (auto *name = window.findChild<QLineEdit *>(u"keys.form.name"_s))
            name->setText(u"search-new"_s);
        click(window, u"keys.form.submit"_s);
        live(400);
        save(u"secret"_s);
        if (auto *dialog = window.findChild<QDialog *>(u"keys.secret"_s))
            dialog->grab().save(folder.filePath(u"keys-secret-dialog-%1.png"_s.arg(suffix)));
    }
    for (QDialog *dialog : window.findChildren<QDialog *>())
        if (dialog->isVisible())
            dialog->grab().save(folder.filePath(u"%1-dialog-%2.png"_s.arg(pane, suffix)));
    closeDialogs(window);
}

void shootCosts(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(250);
        window.grab().save(folder.filePath(u"costs-%1-%2.png"_s.arg(name, suffix)));
    };
    const auto choose = [&](const QString &name, int index) {
        if (auto *box = window.findChild<QComboBox *>(name)) {
            box->setCurrentIndex(index);
            Q_EMIT box->activated(index);
        }
    };
    click(window, u"costs.month"_s);
    live(250);
    if (auto *bars = window.findChild<QWidget *>(u"costs.bars"_s)) {
        bars->setFocus();
        for (const int key : {Qt::Key_Home, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right, Qt::Key_Up, Qt::Key_Up})
            press(bars, key);
        save(u"month"_s);
        press(bars, Qt::Key_Escape);
    }
    if (auto *table = window.findChild<QAbstractItemView *>(u"costs.totals"_s))
        Q_EMIT table->clicked(table->model()->index(0, 0));
    save(u"parts"_s);
    choose(u"costs.by"_s, 1);
    choose(u"costs.then"_s, 4);
    choose(u"costs.measure"_s, 1);
    choose(u"costs.per"_s, 4);
    save(u"keysAndRoutes"_s);
    std::vector<CostCell> cells = sceneCostCells();
    for (std::size_t i = 0; i < cells.size(); i += 7) {
        cells[i].figures.unpriced = cells[i].figures.calls;
        cells[i].figures.cost = {};
    }
    gateway.setCostCells(std::move(cells));
    choose(u"costs.by"_s, 5);
    choose(u"costs.measure"_s, 0);
    save(u"unpriced"_s);
    window.view()->setFilterText(u"team:nobody"_s);
    save(u"nothing"_s);
    window.view()->setFilterText({});
}

} // namespace tests
