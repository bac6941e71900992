// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every pane over the made-up gateway: light and dark, full, empty, failing, waiting. Not a test: for eyes.
//   screenshots FOLDER [pane...]      (QT_SCALE_FACTOR=2 for the doubled ones)
#include "tests/ui/alert_shots.h"
#include "tests/ui/bill_shots.h"
#include "tests/ui/cache_shots.h"
#include "tests/ui/call_group_shots.h"
#include "tests/ui/call_shots.h"
#include "tests/ui/cost_shots.h"
#include "tests/ui/overview_shots.h"
#include "tests/ui/privacy_shots.h"
#include "tests/ui/prompt_shots.h"
#include "tests/ui/report_shots.h"
#include "tests/ui/setup_shots.h"
#include "tests/ui/sql_shots.h"
#include "tests/ui/support/fake_gateway.h"
#include "translations/translations.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFormLayout>
#include <QLineEdit>
#include <QMouseEvent>
#include <QRadioButton>
#include <QShortcut>
#include <QSpinBox>
#include <QTextStream>
#include <QTimer>

using namespace Qt::StringLiterals;
using tests::FakeGateway;

namespace {

/// Lets the window live for a while.
void live(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

struct Shot
{
    FakeGateway::Scene scene;
    const char *name;
};

constexpr Shot shots[] {{FakeGateway::Scene::Full, "full"}, {FakeGateway::Scene::Empty, "empty"}, {FakeGateway::Scene::Failing, "failing"}, {FakeGateway::Scene::Waiting, "waiting"}};

/// The crosshair stands where the pictures have it.
void pointAtChart(ui::shell::MainWindow &window)
{
    auto *card = window.findChild<ui::widgets::ChartCard *>(u"overview.latencyChart"_s);
    if (!card)
        return;
    const QRect plot = card->chart()->plotArea();
    const QPoint at(plot.left() + plot.width() * 56 / 100, plot.center().y());
    if (QWidget *target = card->chart()->childAt(at)) {
        QMouseEvent move(QEvent::MouseMove, at, target->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(target, &move);
    }
}

/// The call log as its pictures have it: filtered, a time brushed, the newest call looked into; then each tab.
void shootCalls(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix)
{
    auto *pane = qobject_cast<ui::calls::CallsPane *>(window.pane(u"calls"_s));
    if (!pane)
        return;
    const auto save = [&](const QString &name) {
        live(200);
        window.grab().save(folder.filePath(u"calls-%1-%2.png"_s.arg(name, suffix)));
    };
    window.view()->setFilterText(u"status:>=400 OR attempts:>1"_s);
    live(200);
    pane->setBrush(ui::calls::HistogramView::Span {FakeGateway::sceneTime() - std::chrono::minutes {14}, FakeGateway::sceneTime()});
    live(200);
    pane->table()->step(1);
    Q_EMIT pane->table()->inspectWanted(0);
    save(u"inspected"_s);
    using Tab = ui::calls::CallInspector::Tab;
    for (const auto &[tab, name] : {std::pair {Tab::Request, u"request"_s}, {Tab::Response, u"response"_s}, {Tab::Details, u"details"_s}, {Tab::Cost, u"cost"_s}}) {
        pane->inspector()->setTab(tab);
        save(name);
    }
    for (const auto &[tab, name] : {std::pair {Tab::Request, u"requestSides"_s}, {Tab::Response, u"responseSides"_s}}) {
        pane->inspector()->setTab(tab);
        if (auto *sides = pane->findChild<ui::widgets::SegmentedControl *>(u"calls."_s + name))
            sides->setCurrent(1);
        save(name);
    }
    if (auto *lost = pane->findChild<ui::widgets::Chip *>(u"calls.inspectorLosses"_s))
        Q_EMIT lost->clicked();
    save(u"lost"_s);
    pane->inspector()->setTab(Tab::Chat);
    window.view()->setFilterText(u"team:growth status:500"_s);
    live(300);
    Q_EMIT pane->inspector()->closeWanted();
    pane->setBrush(std::nullopt);
    save(u"nothing"_s);
    window.view()->setFilterText({});
}

void shoot(const QDir &folder, ui::widgets::Theme &theme, const Shot &shot, const QStringList &wanted, const QSize &size, const QString &suffix)
{
    FakeGateway gateway(shot.scene);
    ui::shell::MainWindow::Parts parts;
    parts.gateway = &gateway;
    parts.theme = &theme;
    parts.now = FakeGateway::sceneTime;
    ui::shell::MainWindow window(parts, ui::panes::panes());
    window.resize(size);
    window.show();
    for (const auto &row : ui::panes::panes()) {
        if (!wanted.isEmpty() && !wanted.contains(row.id))
            continue;
        window.openPane(row.id);
        live(shot.scene == FakeGateway::Scene::Waiting ? 2400 : 500);
        const QString file = u"%1-%2-%3%4.png"_s.arg(row.id, QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix);
        if (row.id == u"overview" && shot.scene == FakeGateway::Scene::Full)
            pointAtChart(window);
        window.grab().save(folder.filePath(file));
        QTextStream(stdout) << file << '\n';
        if (row.id == u"calls" && shot.scene == FakeGateway::Scene::Full)
            shootCalls(folder, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix);
        if (row.id == u"calls" && shot.scene == FakeGateway::Scene::Full)
            tests::shootCallActions(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (row.id == u"calls" && shot.scene == FakeGateway::Scene::Full)
            tests::shootCallGroups(folder, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (shot.scene == FakeGateway::Scene::Full)
            tests::shootSetup(folder, window, row.id, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (shot.scene != FakeGateway::Scene::Empty && row.id == u"routes")
            tests::shootTrials(folder, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"cache")
            tests::shootCache(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"alerts")
            tests::shootAlerts(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (row.id == u"privacy")
            tests::shootPrivacy(folder, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"prompts")
            tests::shootPrompts(folder, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (row.id == u"settings")
            tests::shootSettings(folder, gateway, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), live);
        if (row.id == u"costs")
            tests::shootBill(folder, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"costs")
            tests::shootCosts(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (row.id == u"costs")
            tests::shootCostStudies(folder, gateway, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), shot.scene == FakeGateway::Scene::Full, live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"costs")
            tests::shootReports(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (shot.scene != FakeGateway::Scene::Waiting && row.id == u"costs")
            tests::shootSql(folder, gateway, window, u"%1-%2%3"_s.arg(QLatin1StringView(shot.name), theme.dark() ? u"dark"_s : u"light"_s, suffix), shot.scene == FakeGateway::Scene::Full, live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"overview")
            tests::shootOverview(folder, theme, size, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
        if (shot.scene == FakeGateway::Scene::Full && row.id == u"providers")
            tests::shootClouds(folder, gateway, window, (theme.dark() ? u"dark"_s : u"light"_s) + suffix, live);
    }
    if (shot.scene == FakeGateway::Scene::Full && (wanted.isEmpty() || wanted.contains(u"palette"_s))) {
        window.openPalette();
        live(100);
        window.grab().save(folder.filePath(u"palette-%1%2.png"_s.arg(theme.dark() ? u"dark"_s : u"light"_s, suffix)));
        for (auto *shortcut : window.findChildren<QShortcut *>())
            if (shortcut->key() == QKeySequence(Qt::Key_F1))
                Q_EMIT shortcut->activated();
        live(100);
        if (auto *sheet = window.findChild<ui::shell::ShortcutsSheet *>())
            sheet->grab().save(folder.filePath(u"shortcuts-%1%2.png"_s.arg(theme.dark() ? u"dark"_s : u"light"_s, suffix)));
    }
}

/// Every control beside every other, for the style.
void shootControls(const QDir &folder, const ui::widgets::Theme &theme, const QString &suffix)
{
    using namespace ui::widgets;
    QWidget page;
    page.resize(1000, 720);
    auto *columns = new QHBoxLayout(&page);
    auto *left = new QVBoxLayout, *right = new QVBoxLayout;
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);
    auto *buttons = new QHBoxLayout;
    auto *disabled = new Button(Icon::Redo, u"Redo"_s);
    disabled->setEnabled(false);
    for (Button *button : {new Button(Button::Kind::Primary, Icon::Plus, u"Add provider"_s), new Button(Icon::Zap, u"Test all"_s), disabled, new Button(Button::Kind::Danger, Icon::None, u"Revoke key"_s), new Button(Button::Kind::Link, Icon::None, u"Show diff"_s)})
        buttons->addWidget(button);
    buttons->addStretch(1);
    left->addLayout(buttons);
    auto *form = new QFormLayout;
    auto *combo = new QComboBox;
    combo->addItems({u"Together AI"_s, u"OpenAI"_s});
    auto *check = new QCheckBox(u"Enabled"_s);
    check->setChecked(true);
    auto *radio = new QRadioButton(u"Ollama is running here"_s);
    radio->setChecked(true);
    auto *invalid = new QLineEdit(u"htp://x"_s);
    invalid->setProperty("invalid", true);
    auto *readOnly = new QLineEdit(u"sb-Kd81mZq0RtVw6XyB4nPc2LhJ"_s);
    readOnly->setReadOnly(true);
    readOnly->setFont(monoFont(12));
    form->addRow(u"Name"_s, new QLineEdit(u"together"_s));
    form->addRow(u"Kind"_s, combo);
    form->addRow(u"Base URL"_s, invalid);
    form->addRow(u"Key"_s, readOnly);
    form->addRow(u"Weight"_s, new QSpinBox);
    form->addRow(u"State"_s, check);
    form->addRow(u"Local"_s, radio);
    left->addLayout(form);
    left->addWidget(new SegmentedControl({u"Canvas"_s, u"YAML"_s}));
    left->addWidget(new TabStrip({u"Connection"_s, u"Models and prices"_s, u"Limits"_s}));
    auto *code = new CodeView(CodeView::Language::Python);
    code->setCode(u"from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"http://127.0.0.1:8787/v1\",\n    api_key=\"sb-Kd81\")  # yours"_s);
    left->addWidget(code, 1);
    auto *chips = new QHBoxLayout;
    for (const auto &[text, role] : QList<std::pair<QString, Role>> {{u"200 rescued"_s, Role::Ok}, {u"Draft v8"_s, Role::Warn}, {u"429"_s, Role::Err}, {u"5xx"_s, Role::Accent}, {u"timeout"_s, Role::Line}})
        chips->addWidget(new Chip(text, role));
    chips->addStretch(1);
    right->addLayout(chips);
    right->addWidget(new StateLabel(Icon::Ok, Role::Ok, u"Active"_s));
    for (const auto kind : {SectionBanner::Kind::Error, SectionBanner::Kind::Warning, SectionBanner::Kind::Info}) {
        auto *banner = new SectionBanner(kind);
        banner->setContent(u"Cannot read the call log"_s, u"The disk has no space left (calls.db, 41.2 GB). Calls go on."_s, u"last good 14:29:40"_s);
        if (kind == SectionBanner::Kind::Error)
            banner->addRetry();
        right->addWidget(banner);
    }
    auto *selection = new SelectionBar;
    selection->setCount(3);
    selection->addAction(Icon::Clock, u"Expire…"_s);
    right->addWidget(selection);
    auto *empty = new EmptyState(u"No call matches team:growth status:500 in the last hour."_s);
    empty->setPicture(false);
    empty->setNote(u"1,688 calls of growth are hidden by the filter."_s);
    empty->setAction(Icon::Close, u"Clear filter"_s, Button::Kind::Plain);
    right->addWidget(empty, 1);
    Toast toast(&page);
    page.show();
    toast.show(u"“support-triage” moved to support"_s, [] { });
    live(100);
    page.grab().save(folder.filePath(u"controls-%1%2.png"_s.arg(theme.dark() ? u"dark"_s : u"light"_s, suffix)));
    auto *dialog = new ConfirmDialog(u"Revoke key “growth-web”?"_s, u"Programs that use it get 401 at once. This cannot be undone."_s, u"Revoke key"_s, &page);
    dialog->addEffect(u"In use"_s, u"612 calls this hour, last 14:31:51"_s);
    dialog->addEffect(u"Spent"_s, u"$97.08 this month, stays in the log"_s);
    dialog->open();
    live(100);
    dialog->grab().save(folder.filePath(u"dialog-%1%2.png"_s.arg(theme.dark() ? u"dark"_s : u"light"_s, suffix)));
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::installTranslations(app, QLocale::c());
    QStringList arguments = app.arguments().mid(1);
    if (arguments.isEmpty()) {
        QTextStream(stderr) << "usage: screenshots FOLDER [pane...]\n";
        return 2;
    }
    QDir folder(arguments.takeFirst());
    folder.mkpath(u"."_s);
    ui::widgets::Theme theme;
    const bool twice = app.devicePixelRatio() > 1.5;
    for (const bool dark : {false, true}) {
        theme.setMode(dark ? ui::widgets::ThemeMode::Dark : ui::widgets::ThemeMode::Light);
        if (arguments.isEmpty() || arguments.contains(u"controls"_s))
            shootControls(folder, theme, twice ? u"@2x"_s : QString());
        for (const Shot &shot : shots)
            if (shot.scene == FakeGateway::Scene::Full || !dark)
                shoot(folder, theme, shot, arguments, {1440, 900}, twice ? u"@2x"_s : QString());
    }
    theme.setMode(ui::widgets::ThemeMode::Light);
    if (twice)
        return 0;
    shoot(folder, theme, shots[0], arguments, {1024, 640}, u"-small"_s);
    shoot(folder, theme, shots[0], arguments, {1920, 1200}, u"-wide"_s);
    QApplication::setLayoutDirection(Qt::RightToLeft);
    shoot(folder, theme, shots[0], arguments, {1440, 900}, u"-rtl"_s);
    return 0;
}
