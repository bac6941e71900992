// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/configuration_lines.h"

#include "gateway/config/diff.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "ui/bridge/text.h"
#include "ui/panes/settings/storage_bar.h"
#include "ui/widgets/button.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/save_file.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::Icon;

constexpr int shownChanges = 14;

QWidget *inRow(const QList<QWidget *> &widgets)
{
    auto *box = new QWidget;
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
    return box;
}

} // namespace

FileLine::FileLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : SettingLine(tr("Configuration as a file"), tr("YAML, as the command line and --config read it. Secrets are left out of an export."), u"yaml import export backup"_s, parent),
      m_gateway(gateway), m_view(view)
{
    setObjectName(u"settings.file"_s);
    auto *importButton = new Button(Icon::Folder, tr("Import…"));
    importButton->setObjectName(u"settings.import"_s);
    auto *exportButton = new Button(Icon::Download, tr("Export…"));
    exportButton->setObjectName(u"settings.export"_s);
    connect(importButton, &QPushButton::clicked, this, &FileLine::chooseImport);
    connect(exportButton, &QPushButton::clicked, this, &FileLine::chooseExport);
    setField(inRow({importButton, exportButton}));
}

void FileLine::chooseImport()
{
    auto *dialog = new QFileDialog(window(), tr("Import a configuration"), QDir::homePath(), tr("Configuration (*.yaml *.yml *.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &FileLine::importFrom);
    dialog->open();
}

void FileLine::chooseExport()
{
    widgets::askWhereToSave(this, {tr("Export the configuration"), QDir::home().filePath(u"signalbox.yaml"_s), tr("Configuration (*.yaml)")}, [this](const QString &path) { exportTo(path); });
}

void FileLine::exportTo(const QString &path)
{
    const QString problem = widgets::writeWhole(path, QByteArray::fromStdString(gateway::config::toYaml(*m_gateway.config())));
    setProblem(problem);
    if (problem.isEmpty())
        m_view.toast(tr("Configuration written to %1, without secrets").arg(QFileInfo(path).fileName()));
}

void FileLine::importFrom(const QString &path)
{
    gateway::config::ReadOptions options;
    options.file = utf8(QFileInfo(path).fileName());
    options.local = false; // what is imported stays literal: a file from elsewhere must not read this machine's environment
    std::vector<gateway::config::KindFields> fields;
    for (const auto &kind : m_gateway.providerKinds()) {
        options.kinds.push_back(kind.kind);
        fields.push_back(kind.fields);
    }
    options.kindFields = fields;
    const auto read = gateway::config::readConfigFile(utf8(path), options);
    if (!read) {
        setProblem(qt(read.error().front().text()));
        return;
    }
    const auto next = gateway::config::withApplied(*m_gateway.config(), *read);
    if (!next) {
        setProblem(qt(next.error().front().text()));
        return;
    }
    setProblem({});
    confirm(*next, QFileInfo(path).fileName());
}

void FileLine::confirm(const gateway::config::Config &next, const QString &name)
{
    const auto changes = gateway::config::diff(*m_gateway.config(), next);
    if (changes.empty()) {
        m_view.toast(tr("%1 changes nothing").arg(name));
        return;
    }
    auto *dialog = new widgets::Dialog(Icon::Diff, widgets::Role::Accent, tr("Import %1?").arg(name), window());
    dialog->setObjectName(u"settings.importDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setSubtitle(tr("%n change(s). What the file does not name stays as it is.", nullptr, static_cast<int>(changes.size())));
    QStringList lines;
    for (const auto &change : changes)
        lines << qt(change.text());
    auto *view = new widgets::CodeView;
    view->setCode(lines.join(u'\n'));
    view->setFixedHeight(view->heightOf(std::min<int>(shownChanges, static_cast<int>(lines.size()) + 1)));
    dialog->body()->addWidget(view);
    auto *cancel = dialog->addButton(Button::Kind::Plain, tr("Cancel"));
    auto *apply = dialog->addButton(Button::Kind::Primary, tr("Import"));
    apply->setObjectName(u"settings.importDialog.apply"_s);
    connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    connect(apply, &QPushButton::clicked, this, [this, dialog, next, name] {
        dialog->accept();
        m_gateway.apply(next, m_gateway.revision().number, utf8(tr("imported %1").arg(name)), this, [this, name](const gateway::api::ApplyOutcome &outcome) {
            if (outcome.applied)
                m_view.toast(tr("%1 imported").arg(name));
            else
                setProblem(outcome.problems.empty() ? tr("The gateway did not take it.") : qt(outcome.problems.front().field + ": " + outcome.problems.front().message));
        });
    });
    dialog->open();
}

StorageLine::StorageLine(gateway::api::Gateway &gateway, QWidget *parent)
    : SettingLine(tr("Data folder"), qt(gateway.dataFolder()), u"disk size database folder storage"_s, parent), m_gateway(gateway), m_bar(new StorageBar)
{
    setObjectName(u"settings.storage"_s);
    auto *open = new Button(Icon::Folder, tr("Open folder"));
    connect(open, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(qt(m_gateway.dataFolder()))); });
    auto *box = new QWidget;
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_bar);
    layout->addWidget(open, 0, Qt::AlignLeft);
    setField(box);
    refresh();
}

void StorageLine::refresh()
{
    const QDir folder(qt(m_gateway.dataFolder()));
    const auto size = [&](const QStringList &names) {
        qint64 bytes = 0;
        for (const QString &name : names)
            bytes += QFileInfo(folder.filePath(name)).size();
        return bytes;
    };
    qint64 backups = 0;
    const auto entries = QDir(folder.filePath(u"backups"_s)).entryInfoList(QDir::Files);
    for (const QFileInfo &entry : entries)
        backups += entry.size();
    QList<StorageBar::Part> parts {{tr("Call log"), size({u"calls.db"_s, u"calls.db-wal"_s})}};
    if (const qint64 fullText = size({u"text.db"_s, u"text.db-wal"_s}); fullText > 0)
        parts.append({tr("Full text"), fullText});
    parts.append({tr("Configuration"), size({u"signalbox.db"_s, u"signalbox.db-wal"_s})});
    parts.append({tr("Kept answers"), size({u"cache.db"_s, u"cache.db-wal"_s})});
    parts.append({tr("Backups"), backups});
    m_bar->setParts(parts);
}

} // namespace ui::settings
