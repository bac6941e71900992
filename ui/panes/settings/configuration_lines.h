// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/setting_row.h"

namespace ui::settings {

/// "Configuration as a file": export without secrets, import with a look at what it changes first.
class FileLine final : public SettingLine
{
    Q_OBJECT
public:
    FileLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);

    /// Reads the file and asks, with the changes named, before anything is applied.
    void importFrom(const QString &path);
    void exportTo(const QString &path);

private:
    void chooseImport();
    void chooseExport();
    void confirm(const gateway::config::Config &next, const QString &name);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
};

/// Where the data is, and how large its files are, as a bar.
class StorageLine final : public SettingLine
{
    Q_OBJECT
public:
    explicit StorageLine(gateway::api::Gateway &gateway, QWidget *parent = nullptr);
    void refresh();

private:
    gateway::api::Gateway &m_gateway;
    class StorageBar *m_bar;
};

} // namespace ui::settings
