// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/bill_shots.h"

#include "ui/panes/costs/bill_dialog.h"
#include "ui/shell/main_window.h"

#include <QAbstractButton>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace tests {
namespace {

/// Ten days of two models, of which the log lacks the last, and one that was billed at another price.
QByteArray bill()
{
    QByteArray text = "usage_date_utc,model,workspace,token_type,cost_usd\n";
    for (int day = 8; day <= 17; ++day) {
        const QByteArray date = "2026-11-" + QByteArray::number(day).rightJustified(2, '0');
        text += date + ",Claude Haiku 4.5,Default,output," + QByteArray::number(12.5 + day * 0.37) + "\n" + date + ",Claude Sonnet 4,Default,output," + QByteArray::number(48.2 + day * 1.21) + "\n";
    }
    return text + "2026-11-17,Web Search Usage,Default,,4.25\n";
}

} // namespace

void shootBill(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *button = window.findChild<QAbstractButton *>(u"costs.compareBill"_s);
    if (!button || !suffix.startsWith(u"full"_s))
        return;
    const auto save = [&](const QString &name) {
        live(400);
        window.grab().save(folder.filePath(u"costs-%1-%2.png"_s.arg(name, suffix)));
    };
    button->click();
    auto *dialog = window.findChild<ui::costs::BillDialog *>();
    if (!dialog)
        return;
    const auto saveDialog = [&](const QString &name) {
        live(400);
        dialog->grab().save(folder.filePath(u"costs-%1-%2.png"_s.arg(name, suffix)));
    };
    save(u"bill-window"_s);
    saveDialog(u"bill-empty"_s);
    const QTemporaryDir files;
    const auto compare = [&](const QByteArray &text) {
        QFile file(files.filePath(u"export.csv"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        file.close();
        dialog->compare({file.fileName()});
    };
    compare("name,amount\na,1\n");
    saveDialog(u"bill-refused"_s);
    compare(bill());
    saveDialog(u"bill"_s);
    dialog->close();
}

} // namespace tests
