// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/once_dialog.h"

#include <vector>

namespace ui::widgets {
class StateLabel;
class TableView;
}

namespace ui::keys {

/// Shows the new secrets of many keys, once, to be copied or saved.
class SecretsDialog final : public panes::OnceDialog
{
    Q_OBJECT
public:
    SecretsDialog(const QString &title, const QString &summary, const std::vector<gateway::api::CreatedKey> &keys, QWidget *parent);

    /// Writes them as a CSV file that only its owner can read.
    void saveTo(const QString &path);

private:
    void setUpTable();
    void setUpActions();
    void chooseFile();
    void copyChosen();

    std::vector<std::pair<QString, QString>> m_keys; ///< name and secret
    widgets::TableView *m_table;
    widgets::StateLabel *m_saved;
};

} // namespace ui::keys
