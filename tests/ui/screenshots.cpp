// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every pane over the made-up gateway: light and dark, full, empty, failing, waiting. Not a test: for eyes.
//   screenshots FOLDER [pane...]      (QT_SCALE_FACTOR=2 for the doubled ones)
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QMouseEvent>
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
    }
    if (shot.scene == FakeGateway::Scene::Full && (wanted.isEmpty() || wanted.contains(u"palette"_s))) {
        window.openPalette();
        live(100);
        window.grab().save(folder.filePath(u"palette-%1%2.png"_s.arg(theme.dark() ? u"dark"_s : u"light"_s, suffix)));
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
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
        for (const Shot &shot : shots)
            if (shot.scene == FakeGateway::Scene::Full || !dark)
                shoot(folder, theme, shot, arguments, {1440, 900}, twice ? u"@2x"_s : QString());
    }
    theme.setMode(ui::widgets::ThemeMode::Light);
    if (!twice)
        shoot(folder, theme, shots[0], arguments, {1024, 640}, u"-small"_s);
    return 0;
}
