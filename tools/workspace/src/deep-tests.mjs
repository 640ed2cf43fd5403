process.env.QUITTANCE_DEEP = '1';
