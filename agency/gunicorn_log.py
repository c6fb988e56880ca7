"""The web server's own log, written like ours: one line each, and no address of a safe link in it. It writes no access log
unless somebody asks for one; that is then written so as well."""

from gunicorn.glogging import Logger

from agency.log import OneLine


class Lines(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
